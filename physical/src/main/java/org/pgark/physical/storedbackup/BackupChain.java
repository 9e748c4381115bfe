package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.postgres.manifest.BackupManifest;

/** Whether backups belong together: one cluster, each on top of the one before it. */
final class BackupChain {
    private static final long LONGEST_LABEL = 11_024;
    private static final Pattern VERSION = Pattern.compile("\\s*([0-9]+)\n.*", Pattern.DOTALL);

    private final List<Path> backups;
    private final CombinationListener listener;

    BackupChain(List<Path> backups, CombinationListener listener) {
        this.backups = backups;
        this.listener = listener;
    }

    /** Reads the major version of the last backup. */
    void checkVersion() throws IOException {
        Path file = backups.getLast().resolve("PG_VERSION");
        String text = read(file, 128);
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.matches()) {
            boolean old = text.matches("(?s)\\s*[0-9]\\..*");
            throw new StoredBackupException(
                    file + (old ? ": server version too old" : ": could not parse version number"));
        }
        listener.debug("read server version " + matcher.group(1) + " from file \"" + file + "\"");
    }

    /** Compares the control files; tells the system identifier that all have. */
    long checkControlFiles() throws IOException {
        Optional<ControlFileCheck> last = Optional.empty();
        boolean different = false;
        for (Path backup : backups.reversed()) {
            String name = backup.resolve(ControlFileCheck.PATH).toString();
            listener.debug("reading \"" + name + "\"");
            ControlFileCheck control = ControlFileCheck.read(Path.of(name), name);
            if (last.isEmpty()) {
                last = Optional.of(control);
            } else if (last.get().systemIdentifier() != control.systemIdentifier()) {
                throw new StoredBackupException(name + ": expected system identifier "
                        + Long.toUnsignedString(last.get().systemIdentifier()) + ", but found "
                        + Long.toUnsignedString(control.systemIdentifier()));
            } else if (last.get().checksumVersion() != 0 && last.get().checksumVersion() != control.checksumVersion()) {
                different = true;
            }
        }
        long identifier = last.map(ControlFileCheck::systemIdentifier).orElse(0L);
        listener.debug("system identifier is " + Long.toUnsignedString(identifier));
        if (different) {
            listener.warning(
                    "only some backups have checksums enabled",
                    "Disable, and optionally reenable, checksums on the output directory to avoid failures.");
        }
        return identifier;
    }

    /** Compares the labels; returns the last one's text. */
    String checkLabels() throws IOException {
        String lastText = "";
        Optional<IncrementalLabel> later = Optional.empty();
        for (int i = backups.size() - 1; i >= 0; i--) {
            Path backup = backups.get(i);
            Path file = backup.resolve("backup_label");
            listener.debug("reading \"" + file + "\"");
            String text = read(file, LONGEST_LABEL);
            IncrementalLabel label = IncrementalLabel.parse(file.toString(), text);
            check(i, backup, label, later);
            if (later.isEmpty()) {
                lastText = text;
            }
            later = Optional.of(label);
        }
        return lastText;
    }

    private static void check(int index, Path backup, IncrementalLabel label, Optional<IncrementalLabel> later)
            throws StoredBackupException {
        if (index > 0 && label.previousTimeline() == 0) {
            throw new StoredBackupException(
                    "backup at \"" + backup + "\" is a full backup, but only the first backup should be a full backup");
        }
        if (index == 0 && label.previousTimeline() != 0) {
            throw new StoredBackupException("backup at \"" + backup
                    + "\" is an incremental backup, but the first backup should be a full backup");
        }
        if (later.isPresent() && label.timeline() != later.get().previousTimeline()) {
            throw new StoredBackupException("backup at \"" + backup + "\" starts on timeline "
                    + Integer.toUnsignedString(label.timeline()) + ", but expected "
                    + Integer.toUnsignedString(later.get().previousTimeline()));
        }
        if (later.isPresent() && !label.start().equals(later.get().previousStart())) {
            throw new StoredBackupException("backup at \"" + backup + "\" starts at LSN " + label.start()
                    + ", but expected " + later.get().previousStart());
        }
    }

    private static String read(Path file, long longest) throws IOException {
        try {
            if (Files.size(file) > longest) {
                throw new StoredBackupException("file \"" + file + "\" is too large");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (StoredBackupException e) {
            throw e;
        } catch (IOException e) {
            throw StoredBackupException.of("could not open file", file, e);
        }
    }

    /** The backups' manifests, in their order; empty where one has none. */
    List<Optional<BackupManifest>> manifests(long systemIdentifier) throws IOException {
        List<Optional<BackupManifest>> manifests = new ArrayList<>();
        for (Path backup : backups) {
            Path file = backup.resolve("backup_manifest");
            try {
                BackupManifest manifest = BackupManifest.read(file);
                if (manifest.version() == 1) {
                    throw new StoredBackupException("backup manifest version 1 does not support incremental backup");
                }
                manifests.add(Optional.of(manifest));
            } catch (NoSuchFileException e) {
                listener.warning("file \"" + file + "\" does not exist", "");
                manifests.add(Optional.empty());
            }
        }
        for (int i = 0; i < backups.size(); i++) {
            if (manifests.get(i).isPresent()) {
                long said = manifests.get(i).get().systemIdentifier().orElse(0);
                if (said != systemIdentifier) {
                    throw new StoredBackupException(backups.get(i).resolve(ControlFileCheck.PATH)
                            + ": manifest system identifier is " + Long.toUnsignedString(said)
                            + ", but control file has " + Long.toUnsignedString(systemIdentifier));
                }
            }
        }
        return manifests;
    }
}
