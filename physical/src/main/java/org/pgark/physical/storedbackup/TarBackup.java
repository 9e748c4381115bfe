package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.postgres.manifest.BackupManifest;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestFile;

/** Reads the archives of a backup in tar format, and compares what they hold. */
final class TarBackup {
    private static final Pattern NAME =
            Pattern.compile("(base|pg_wal|\\s*\\+?[0-9]+)(\\.tar|\\.tgz|\\.tar\\.gz|\\.tar\\.lz4|\\.tar\\.zst)");
    private static final int BUFFER_BYTES = 128 << 10;
    private static final int CONTROL_FILE_BYTES = 8192;
    private static final long GREATEST_OID = 0xFFFF_FFFFL;

    private final Path directory;
    private final BackupFindings findings;
    private final BackupManifest manifest;
    private final Map<String, ExpectedFile> expected;
    private final boolean skipsChecksums;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    TarBackup(
            Path directory,
            BackupFindings findings,
            BackupManifest manifest,
            Map<String, ExpectedFile> expected,
            boolean skipsChecksums) {
        this.directory = directory;
        this.findings = findings;
        this.manifest = manifest;
        this.expected = expected;
        this.skipsChecksums = skipsChecksums;
    }

    private record Archive(String name, String prefix, TarCompression compression) {}

    void read() throws IOException {
        List<Archive> archives = new ArrayList<>();
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(entries::add);
        }
        for (Path entry : entries) {
            String name = Objects.requireNonNull(entry.getFileName()).toString();
            if (!findings.isIgnored(name)) {
                check(entry, name).ifPresent(archives::add);
            }
        }
        for (Archive archive : archives) {
            read(archive);
        }
        findings.finish();
    }

    private Optional<Archive> check(Path file, String name) {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException e) {
            findings.error("could not stat file or directory \"" + name + "\": " + SystemReason.of(e));
            return Optional.empty();
        }
        if (!attributes.isRegularFile()) {
            findings.error("file \"" + name + "\" is not a regular file");
            return Optional.empty();
        }
        Matcher matcher = NAME.matcher(name);
        Optional<String> prefix = matcher.matches() ? prefix(matcher.group(1)) : Optional.empty();
        if (prefix.isEmpty()) {
            findings.error("file \"" + name + "\" is not expected in a tar format backup");
            return Optional.empty();
        }
        if (matcher.group(1).equals("pg_wal")) {
            return Optional.empty();
        }
        findings.expect(attributes.size());
        return Optional.of(new Archive(name, prefix.get(), TarCompression.of(matcher.group(2))));
    }

    /** Where below the data directory an archive's files lie. */
    private static Optional<String> prefix(String stem) {
        if (stem.equals("base") || stem.equals("pg_wal")) {
            return Optional.of("");
        }
        String digits = stem.strip().replace("+", "");
        long number = digits.length() > 10 ? Long.MAX_VALUE : Long.parseLong(digits);
        return number > 0 && number <= GREATEST_OID ? Optional.of("pg_tblspc/" + number + "/") : Optional.empty();
    }

    private void read(Archive archive) throws IOException {
        InputStream file;
        try {
            file = Files.newInputStream(directory.resolve(archive.name));
        } catch (IOException e) {
            findings.error("could not open file \"" + archive.name + "\": " + SystemReason.of(e));
            return;
        }
        try (InputStream in = archive.compression.decompress(new CountedInput(file, findings))) {
            TarReader tar = new TarReader(in);
            while (tar.next()) {
                if (tar.isRegular()) {
                    verify(archive, tar);
                }
            }
        } catch (StoredBackupException e) {
            throw e;
        } catch (IOException e) {
            throw new StoredBackupException("could not read file \"" + archive.name + "\": " + SystemReason.of(e));
        }
    }

    private void verify(Archive archive, TarReader tar) throws IOException {
        String path = Path.of(archive.prefix + relative(tar.name())).normalize().toString();
        if (findings.isIgnored(path)) {
            return;
        }
        ExpectedFile entry = expected.get(path);
        if (entry == null) {
            findings.error("file \"" + tar.name() + "\" is present in archive \"" + archive.name
                    + "\" but not in the manifest");
            return;
        }
        entry.setFound();
        ManifestFile file = entry.file();
        if (tar.size() != file.size()) {
            findings.error("file \"" + tar.name() + "\" has size " + tar.size() + " in archive \"" + archive.name
                    + "\" but size " + Long.toUnsignedString(file.size()) + " in the manifest");
            entry.setBad();
            return;
        }
        compare(archive, tar, entry);
    }

    private static String relative(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private void compare(Archive archive, TarReader tar, ExpectedFile entry) throws IOException {
        ManifestFile file = entry.file();
        boolean reads = !skipsChecksums && entry.isToBeRead();
        boolean isControlFile = manifest.version() != 1 && file.path().equals(ControlFileCheck.PATH);
        if (!reads && !isControlFile) {
            return;
        }
        ManifestChecksum.Computation checksum = file.algorithm().begin();
        byte[] control = new byte[isControlFile ? CONTROL_FILE_BYTES : 0];
        long bytes = 0;
        for (int read = tar.read(buffer); read > 0; read = tar.read(buffer)) {
            checksum.update(buffer, 0, read);
            if (bytes < control.length) {
                System.arraycopy(buffer, 0, control, (int) bytes, (int) Math.min(read, control.length - bytes));
            }
            bytes += read;
        }
        if (reads) {
            ChecksumComparison.compare(findings, file, checksum.finish(), " in archive \"" + archive.name + "\"");
        }
        if (isControlFile) {
            if (bytes != CONTROL_FILE_BYTES) {
                throw new StoredBackupException(
                        "unexpected control file size " + bytes + ", expected " + CONTROL_FILE_BYTES);
            }
            String name = archive.name + ": " + file.path();
            ControlFileCheck.of(control, name)
                    .compare(name, manifest.systemIdentifier().orElse(0));
        }
    }
}
