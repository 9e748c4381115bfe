package org.pgark.cli.configuration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Puts new content in a file's place at once: whoever reads it, or comes after a crash, finds the old content or the new.
 */
final class FileReplacement {
    private FileReplacement() {}

    /**
     * Replaces a file, whose owner, group and mode stay; a new one gets mode 0640 and the group of {@code groupModel}, so
     * that the server's account can read what root wrote, where this process may give it away.
     *
     * @throws ConfigurationException if the file's owner or group cannot be kept
     */
    static void replace(Path file, String content, Path groupModel) throws IOException, ConfigurationException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("\"" + file + "\" is no file");
        }
        if (!Files.exists(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path temporary = Files.createTempFile(folder, "." + file.getFileName() + ".", ".new");
        try {
            if (Files.exists(file)) {
                if (!copyAttribute(file, temporary, "unix:uid") || !copyAttribute(file, temporary, "unix:gid")) {
                    throw new ConfigurationException(new Problem(
                            Location.of(file),
                            "its owner and group (" + Files.getAttribute(file, "unix:uid") + ":"
                                    + Files.getAttribute(file, "unix:gid") + ") cannot be kept by user "
                                    + Files.getAttribute(temporary, "unix:uid"),
                            "Run pgark as root, or first give the file to this user and a group of this user."));
                }
                Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(file));
            } else {
                if (Files.exists(groupModel)) {
                    copyAttribute(groupModel, temporary, "unix:gid");
                }
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-r-----"));
            }
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Returns false if this process may not give the file away so. */
    private static boolean copyAttribute(Path from, Path to, String attribute) throws IOException {
        Object wanted = Files.getAttribute(from, attribute);
        if (wanted.equals(Files.getAttribute(to, attribute))) {
            return true;
        }
        try {
            Files.setAttribute(to, attribute, wanted);
            return true;
        } catch (FileSystemException e) {
            return false;
        }
    }
}
