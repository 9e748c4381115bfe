package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pgark.postgres.manifest.BackupManifest;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestFile;
import org.pgark.postgres.manifest.ManifestWriter;

/** Makes one full backup of a full backup and incremental ones, as pg_combinebackup does. */
public final class BackupCombination {
    private static final String PREFIX = "INCREMENTAL.";

    private final CombinationRequest request;
    private final CombinationListener listener;
    private final OutputPermissions permissions;
    private final List<Optional<BackupManifest>> manifests;
    private final FileCopy copy;
    private Optional<ManifestWriter> manifest = Optional.empty();
    private int mapsLeftOut;

    private BackupCombination(
            CombinationRequest request,
            CombinationListener listener,
            OutputPermissions permissions,
            List<Optional<BackupManifest>> manifests) {
        this.request = request;
        this.listener = listener;
        this.permissions = permissions;
        this.manifests = manifests;
        copy = new FileCopy(request, listener, permissions);
    }

    /** Does the work; what was written is removed if it fails. */
    public static void run(CombinationRequest request, CombinationListener listener) throws IOException {
        BackupChain chain = new BackupChain(request.backups(), listener);
        chain.checkVersion();
        long systemIdentifier = chain.checkControlFiles();
        String label = chain.checkLabels();
        List<Optional<BackupManifest>> manifests = chain.manifests(systemIdentifier);
        OutputPermissions permissions = OutputPermissions.like(request.last());
        List<CombinedTablespace> tablespaces = CombinedTablespace.find(request, listener);
        try (OutputFolders folders = new OutputFolders(listener, permissions, request.dryRun())) {
            folders.add(request.output());
            for (CombinedTablespace tablespace : tablespaces) {
                if (!tablespace.inPlace()) {
                    folders.add(tablespace.to());
                }
            }
            new BackupCombination(request, listener, permissions, manifests)
                    .write(systemIdentifier, label, tablespaces);
            folders.commit();
        }
        if (request.method() == CopyMethod.LINK) {
            listener.warning(
                    "--link mode was used; any modifications to the output directory might destructively modify"
                            + " input directories",
                    "");
        }
    }

    private void write(long systemIdentifier, String label, List<CombinedTablespace> tablespaces) throws IOException {
        if (request.writesManifest() && !request.dryRun()) {
            if (manifests.getLast().isEmpty()) {
                throw new StoredBackupException(
                        "cannot generate a manifest because no manifest is available for the final input backup");
            }
            try (ManifestWriter writer =
                    new ManifestWriter(request.output().resolve("backup_manifest"), systemIdentifier)) {
                manifest = Optional.of(writer);
                writeFiles(label, tablespaces);
                writer.commit(manifests.getLast().get().walRanges());
            }
        } else {
            writeFiles(label, tablespaces);
        }
        if (mapsLeftOut > 0) {
            listener.warning(
                    "left out " + mapsLeftOut + (mapsLeftOut == 1 ? " visibility map" : " visibility maps")
                            + " whose blocks come from several backups",
                    "Servers before 17.11 and 18.6 do not say which of their bits were cleared. PostgreSQL makes them"
                            + " anew with the next VACUUM; --keep-visibility-maps keeps them.");
        }
        if (request.sync()) {
            sync(tablespaces);
        }
    }

    private void writeFiles(String label, List<CombinedTablespace> tablespaces) throws IOException {
        writeLabel(label);
        listener.debug("processing backup directory \"" + request.last() + "\"");
        process("", request.last(), request.output(), "");
        for (CombinedTablespace tablespace : tablespaces) {
            listener.debug("processing tablespace directory \"" + tablespace.from() + "\"");
            place(tablespace);
            process("pg_tblspc/" + tablespace.oid() + "/", tablespace.from(), tablespace.to(), "");
        }
    }

    private void writeLabel(String label) throws IOException {
        Path file = request.output().resolve("backup_label");
        listener.debug((request.dryRun() ? "would generate \"" : "generating \"") + file + "\"");
        if (request.dryRun()) {
            return;
        }
        byte[] content = IncrementalLabel.withoutPrevious(label).getBytes(StandardCharsets.ISO_8859_1);
        try (OutputStream out = permissions.create(file)) {
            out.write(content);
        }
        ManifestChecksum.Computation checksum = request.checksum().begin();
        checksum.update(content, 0, content.length);
        record(file, "backup_label", request.checksum(), checksum.finish());
    }

    private void place(CombinedTablespace tablespace) throws IOException {
        Path link = request.output().resolve("pg_tblspc").resolve(tablespace.oid());
        if (tablespace.inPlace()) {
            listener.debug((request.dryRun() ? "would create directory \"" : "creating directory \"") + tablespace.to()
                    + "\"");
            if (!request.dryRun()) {
                permissions.createFolders(tablespace.to());
            }
            return;
        }
        listener.debug((request.dryRun() ? "would create" : "creating") + " symbolic link from \"" + link + "\" to \""
                + tablespace.to() + "\"");
        if (!request.dryRun()) {
            try {
                Files.createSymbolicLink(link, tablespace.to());
            } catch (IOException e) {
                throw new StoredBackupException("could not create symbolic link from \"" + link + "\" to \""
                        + tablespace.to() + "\": " + SystemReason.of(e));
            }
        }
    }

    /**
     * Goes through a folder of the last backup.
     *
     * @param tablespace what precedes paths in manifests, empty outside of tablespaces
     * @param path the folder below {@code from}; empty, or ending in a slash
     */
    private void process(String tablespace, Path from, Path to, String path) throws IOException {
        Path source = from.resolve(path);
        Path target = to.resolve(path);
        if (!path.isEmpty()) {
            listener.debug((request.dryRun() ? "would create directory \"" : "creating directory \"") + target + "\"");
            if (!request.dryRun()) {
                permissions.createFolder(target);
            }
        }
        List<Path> entries = new ArrayList<>();
        try (var stream = Files.newDirectoryStream(source)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            throw StoredBackupException.of("could not open directory", source, e);
        }
        boolean inTablespaces = tablespace.isEmpty() && path.equals("pg_tblspc/");
        for (Path entry : entries) {
            String name = Objects.requireNonNull(entry.getFileName()).toString();
            BasicFileAttributes attributes =
                    Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (inTablespaces
                    && CombinedTablespace.isOid(name)
                    && (attributes.isSymbolicLink() || attributes.isDirectory())) {
                continue;
            }
            if (attributes.isDirectory()) {
                process(tablespace, from, to, path + name + "/");
            } else if (!attributes.isRegularFile()) {
                listener.warning(
                        "skipping " + (attributes.isSymbolicLink() ? "symbolic link" : "special file") + " \"" + entry
                                + "\"",
                        "");
            } else if (!tablespace.isEmpty()
                    || !path.isEmpty()
                    || (!name.equals("backup_label") && !name.equals("backup_manifest"))) {
                processFile(tablespace, path, entry, target, name);
            }
        }
    }

    private void processFile(String tablespace, String path, Path entry, Path target, String name) throws IOException {
        boolean inWal = tablespace.isEmpty() && path.startsWith("pg_wal/");
        ManifestChecksum algorithm = inWal ? ManifestChecksum.NONE : request.checksum();
        boolean mayBeIncremental = !tablespace.isEmpty()
                || (path.startsWith("base/") && path.length() > 5)
                || path.equals("global/")
                || (path.startsWith("pg_tblspc/") && path.length() > 10);
        if (!mayBeIncremental || !name.startsWith(PREFIX)) {
            Path copied = target.resolve(name);
            String manifestPath = tablespace + path + name;
            byte[] known = Reconstruction.KnownChecksum.of(
                    manifests.getLast(), request.last(), manifestPath, algorithm, listener);
            byte[] computed = copy.copy(entry, copied, known.length > 0 ? ManifestChecksum.NONE : algorithm);
            record(copied, manifestPath, algorithm, known.length > 0 ? known : computed);
            return;
        }
        String whole = name.substring(PREFIX.length());
        if (!request.keepsVisibilityMaps() && whole.matches("[0-9]+_vm(\\.[0-9]+)?")) {
            listener.debug("leaving out \"" + target.resolve(whole) + "\"");
            mapsLeftOut++;
            return;
        }
        String manifestPath = tablespace + path + whole;
        Path written = target.resolve(whole);
        try (Reconstruction plan = Reconstruction.plan(request, listener, entry, tablespace + path, whole)) {
            byte[] checksum = plan.write(written, manifestPath, algorithm, manifests, copy, permissions);
            record(written, manifestPath, algorithm, checksum);
        }
    }

    private void record(Path file, String path, ManifestChecksum algorithm, byte[] checksum) throws IOException {
        if (manifest.isPresent()) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            manifest.get()
                    .add(
                            new ManifestFile(path, attributes.size(), algorithm, checksum),
                            attributes.lastModifiedTime().toInstant());
        }
    }

    private void sync(List<CombinedTablespace> tablespaces) throws IOException {
        if (request.dryRun()) {
            listener.debug("would recursively fsync \"" + request.output() + "\"");
            return;
        }
        listener.debug("recursively fsyncing \"" + request.output() + "\"");
        TreeSync.sync(request.output(), request.syncMethod());
        for (CombinedTablespace tablespace : tablespaces) {
            if (!tablespace.inPlace()) {
                TreeSync.sync(tablespace.to(), request.syncMethod());
            }
        }
    }
}
