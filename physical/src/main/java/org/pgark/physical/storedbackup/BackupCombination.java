package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.manifest.BackupManifest;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestFile;
import org.pgark.postgres.manifest.ManifestWriter;

/** Makes one full backup of a full backup and incremental ones, as pg_combinebackup does. */
public final class BackupCombination {
    private final CombinationRequest request;
    private final CombinationListener listener;
    private final OutputPermissions permissions;
    private final List<Optional<BackupManifest>> manifests;
    private final FileCopy copy;
    private final CombinedTree tree;
    private Optional<ManifestWriter> manifest = Optional.empty();

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
        tree = new CombinedTree(request.keepsVisibilityMaps(), listener);
    }

    /** Does the work; what was written is removed if it fails. */
    public static void run(CombinationRequest request, CombinationListener listener) throws IOException {
        BackupChain chain = new BackupChain(request.backups(), listener);
        chain.checkVersion();
        long systemIdentifier = chain.checkControlFiles();
        String label = chain.checkLabels();
        List<Optional<BackupManifest>> manifests = chain.manifests(systemIdentifier);
        OutputPermissions permissions = OutputPermissions.like(request.last());
        List<CombinedTablespace> tablespaces = CombinedTablespace.find(
                request.last(), request.output(), CombinedTablespace.required(request.tablespaces()), listener);
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
        tree.warnOfMaps();
        if (request.sync()) {
            sync(tablespaces);
        }
    }

    private void writeFiles(String label, List<CombinedTablespace> tablespaces) throws IOException {
        writeLabel(label);
        listener.debug("processing backup directory \"" + request.last() + "\"");
        tree.walk("", request.last(), new Folder(request.output()));
        for (CombinedTablespace tablespace : tablespaces) {
            listener.debug("processing tablespace directory \"" + tablespace.from() + "\"");
            place(tablespace);
            tree.walk("pg_tblspc/" + tablespace.oid() + "/", tablespace.from(), new Folder(tablespace.to()));
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

    /** Writes what is below a folder of the last backup. */
    private final class Folder implements CombinedTree.Visitor {
        private final Path to;

        Folder(Path to) {
            this.to = to;
        }

        @Override
        public void folder(CombinedTree.Member folder) throws IOException {
            Path target = to.resolve(folder.folder() + folder.name());
            listener.debug((request.dryRun() ? "would create directory \"" : "creating directory \"") + target + "\"");
            if (!request.dryRun()) {
                permissions.createFolder(target);
            }
        }

        @Override
        public void whole(CombinedTree.Member file) throws IOException {
            ManifestChecksum algorithm = algorithm(file);
            Path copied = target(file);
            byte[] known = Reconstruction.KnownChecksum.of(
                    manifests.getLast(), request.last(), file.path(), algorithm, listener);
            byte[] computed = copy.copy(file.source(), copied, known.length > 0 ? ManifestChecksum.NONE : algorithm);
            record(copied, file.path(), algorithm, known.length > 0 ? known : computed);
        }

        @Override
        public void changes(CombinedTree.Member file) throws IOException {
            ManifestChecksum algorithm = algorithm(file);
            Path written = target(file);
            try (Reconstruction plan = Reconstruction.plan(request.backups(), file)) {
                byte[] checksum;
                if (plan.isCopy()) {
                    byte[] known = Reconstruction.KnownChecksum.of(
                            manifests.get(plan.wholeIndex()),
                            request.backups().get(plan.wholeIndex()),
                            file.path(),
                            algorithm,
                            listener);
                    byte[] computed =
                            copy.copy(plan.whole(), written, known.length > 0 ? ManifestChecksum.NONE : algorithm);
                    checksum = known.length > 0 ? known : computed;
                } else {
                    checksum = plan.assemble(request.dryRun(), written, algorithm, permissions, listener);
                }
                record(written, file.path(), algorithm, checksum);
            }
        }

        @Override
        public void leftOut(CombinedTree.Member file) {
            listener.debug("leaving out \"" + target(file) + "\"");
        }

        private Path target(CombinedTree.Member file) {
            return to.resolve(file.folder() + file.name());
        }

        private ManifestChecksum algorithm(CombinedTree.Member file) {
            boolean inWal = file.root().isEmpty() && file.folder().startsWith("pg_wal/");
            return inWal ? ManifestChecksum.NONE : request.checksum();
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
