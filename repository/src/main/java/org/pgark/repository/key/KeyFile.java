package org.pgark.repository.key;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.seal.Hkdf;

/**
 * A file with a key of 256 random bits: a line {@code pgark-key-1:<64 hex>:<CRC-32C of what stands before, 8 hex>}, beside
 * which lines may stand that begin with #. A file that holds an exported key ring instead opens that.
 */
public final class KeyFile implements KeyHolder {
    private static final String PREFIX = "pgark-key-1:";
    private static final String PURPOSE = "pgark key file 1";
    private static final int KEY_LENGTH = 32;
    private static final Set<PosixFilePermission> CLOSED_ENOUGH =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_READ);

    private final Path file;

    /** The key in this file, which is read when it is needed. */
    public KeyFile(Path file) {
        this.file = file;
    }

    /** Makes a file with a new key, mode 0600; fails if there is a file of this name. */
    public static KeyFile create(Path file, RandomGenerator random) throws IOException {
        byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        String body = PREFIX + HexFormat.of().formatHex(key);
        write(
                file,
                "# Key of pgark. Whoever has it can read what was sealed for it; who lost it cannot.\n" + body + ":"
                        + checksum(body) + "\n");
        return new KeyFile(file);
    }

    /** Writes a secret into a new file, mode 0600, and makes it durable. */
    public static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw new KeyException("file_exists", "file \"" + file + "\" exists already", "Choose another name.", e);
        } catch (NoSuchFileException e) {
            throw new KeyException("no_folder", "the folder of \"" + file + "\" does not exist", "", e);
        }
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static String checksum(String body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    @Override
    public String description() {
        return "key file \"" + file + "\"";
    }

    @Override
    public RecipientKind kind() {
        return RecipientKind.KEY_FILE;
    }

    private String line() throws IOException {
        try {
            checkMode();
            return Files.readString(file)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .findFirst()
                    .orElse("");
        } catch (NoSuchFileException e) {
            throw new KeyException(
                    "no_key_file",
                    description() + " does not exist",
                    "Bring it back, or name the file of another recipient as key-file.",
                    e);
        } catch (KeyException e) {
            throw e;
        } catch (IOException e) {
            throw new KeyException(
                    "unreadable_key_file",
                    description() + " cannot be read: "
                            + (e instanceof AccessDeniedException ? "permission denied" : e.getMessage()),
                    "It must be readable for the user that pgark runs as: the owner of the data directory.",
                    e);
        }
    }

    private void checkMode() throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        boolean groupMayRead = mode.contains(PosixFilePermission.GROUP_READ);
        boolean ofRoot = Integer.valueOf(0).equals(Files.getAttribute(file, "unix:uid"));
        if (!CLOSED_ENOUGH.containsAll(mode) || (groupMayRead && !ofRoot)) {
            throw new KeyException(
                    "loose_key_file",
                    description() + " has mode " + PosixFilePermissions.toString(mode)
                            + ", so others may read or change it",
                    "Run \"chmod 0600 " + file + "\"; if it is root's, it may be 0640.");
        }
    }

    private byte[] wrappingKey(String repositoryId) throws IOException {
        String line = line();
        int end = line.lastIndexOf(':');
        boolean whole = line.matches(PREFIX + "[0-9a-f]{64}:[0-9a-f]{8}")
                && checksum(line.substring(0, end)).equals(line.substring(end + 1));
        if (!whole) {
            throw new KeyException(
                    "damaged_key_file",
                    description() + " does not hold a key, or not as it was written",
                    "Bring it back from a copy.");
        }
        byte[] key = HexFormat.of().parseHex(line.substring(PREFIX.length(), end));
        return Hkdf.derive(key, HexFormat.of().parseHex(repositoryId), PURPOSE, KEY_LENGTH);
    }

    @Override
    public Optional<byte[]> unwrap(Recipient recipient, String repositoryId) throws IOException {
        return line().startsWith("{")
                ? Optional.empty()
                : KeyWrap.unwrap(recipient, wrappingKey(repositoryId), repositoryId);
    }

    @Override
    public Wrapped wrap(String name, byte[] ringKey, String repositoryId, RandomGenerator random) throws IOException {
        byte[] wrappingKey = wrappingKey(repositoryId);
        return new Wrapped(
                KeyWrap.wrap(name, kind(), Map.of(), wrappingKey, ringKey, repositoryId, random),
                Optional.of(wrappingKey));
    }

    @Override
    public Optional<ExportedKeys> exported() throws IOException {
        String line = line();
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(ExportedKeys.parse(line));
        } catch (MalformedBytesException e) {
            throw new KeyException(
                    "damaged_key_file",
                    "file \"" + file + "\" of exported keys is not as it was written: " + e.getMessage(),
                    "",
                    e);
        }
    }
}
