package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pgark.postgres.manifest.BackupManifest;

/** Looks through the folders of a plain backup: which files are there, and how long they are. */
final class PlainBackup {
    private final Path directory;
    private final BackupFindings findings;
    private final BackupManifest manifest;
    private final Map<String, ExpectedFile> expected;

    PlainBackup(Path directory, BackupFindings findings, BackupManifest manifest, Map<String, ExpectedFile> expected) {
        this.directory = directory;
        this.findings = findings;
        this.manifest = manifest;
        this.expected = expected;
    }

    void look() throws IOException {
        lookInto(directory, "");
    }

    private void lookInto(Path folder, String path) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            findings.error("could not open directory \"" + folder + "\": " + SystemReason.of(e));
            findings.ignore(path);
            return;
        }
        for (Path entry : entries) {
            String name = Objects.requireNonNull(entry.getFileName()).toString();
            String below = path.isEmpty() ? name : path + "/" + name;
            if (!findings.isIgnored(below)) {
                lookAt(entry, below);
            }
        }
    }

    private void lookAt(Path file, String path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException e) {
            findings.error("could not stat file or directory \"" + path + "\": " + SystemReason.of(e));
            findings.ignore(path);
            return;
        }
        if (attributes.isDirectory()) {
            lookInto(file, path);
            return;
        }
        if (!attributes.isRegularFile()) {
            findings.error("\"" + path + "\" is not a regular file or directory");
            return;
        }
        ExpectedFile entry = expected.get(path);
        if (entry == null) {
            findings.error("\"" + path + "\" is present on disk but not in the manifest");
            return;
        }
        entry.setFound();
        long size = entry.file().size();
        if (attributes.size() != size) {
            findings.error("\"" + path + "\" has size " + attributes.size() + " on disk but size "
                    + Long.toUnsignedString(size) + " in the manifest");
            entry.setBad();
        }
        if (manifest.version() != 1 && path.equals(ControlFileCheck.PATH)) {
            String name = file.toString();
            ControlFileCheck.read(file, name)
                    .compare(name, manifest.systemIdentifier().orElse(0));
        }
        if (entry.isToBeRead()) {
            findings.expect(size);
        }
    }
}
