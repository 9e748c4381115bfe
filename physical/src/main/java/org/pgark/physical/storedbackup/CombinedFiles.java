package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.pgark.physical.basebackup.BaseBackupStream;
import org.pgark.physical.basebackup.TarMember;
import org.pgark.physical.basebackup.TarSink;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.manifest.BackupManifest;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestFile;
import org.pgark.postgres.manifest.WalRange;

/**
 * The full backup that a full backup and the incremental ones on top of it make, read file by file instead of being written
 * to a folder. WAL is not among the files.
 */
public final class CombinedFiles {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final String LABEL = "backup_label";
    private static final String MAP = "tablespace_map";
    private static final String WAL = "pg_wal/";
    private static final List<String> WAL_FOLDERS = List.of("pg_wal", "pg_wal/archive_status", "pg_wal/summaries");

    private final List<Path> backups;
    private final CombinationListener listener;
    private final String label;
    private final List<BackupManifest> manifests;
    private final List<CombinedTablespace> tablespaces;
    private final CombinedTree tree;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    private CombinedFiles(
            List<Path> backups,
            CombinationListener listener,
            String label,
            List<BackupManifest> manifests,
            List<CombinedTablespace> tablespaces,
            CombinedTree tree) {
        this.backups = List.copyOf(backups);
        this.listener = listener;
        this.label = label;
        this.manifests = List.copyOf(manifests);
        this.tablespaces = List.copyOf(tablespaces);
        this.tree = tree;
    }

    /**
     * Makes sure that the backups belong together.
     *
     * @param backups a full backup and the incremental ones on top of it, oldest first
     * @param places where tablespaces count as being, by where they lie in the last backup; the others stay there
     * @param keepsVisibilityMaps whether visibility maps are put together from pieces, although they can be out of date
     * @throws StoredBackupException if they do not, or one has no manifest
     */
    public static CombinedFiles open(
            List<Path> backups, Map<Path, Path> places, boolean keepsVisibilityMaps, CombinationListener listener)
            throws IOException {
        BackupChain chain = new BackupChain(backups, listener);
        chain.checkVersion();
        long systemIdentifier = chain.checkControlFiles();
        String label = IncrementalLabel.withoutPrevious(chain.checkLabels());
        List<Optional<BackupManifest>> manifests = chain.manifests(systemIdentifier);
        for (int index = 0; index < backups.size(); index++) {
            if (manifests.get(index).isEmpty()) {
                throw new StoredBackupException("backup at \"" + backups.get(index)
                        + "\" has no manifest, so that nothing tells whether it is whole");
            }
        }
        warnOfSilentManifests(backups, manifests, listener);
        Path last = backups.getLast();
        List<CombinedTablespace> tablespaces =
                CombinedTablespace.find(last, Path.of(""), from -> places.getOrDefault(from, from), listener);
        requireTablespaces(last, tablespaces);
        return new CombinedFiles(
                backups,
                listener,
                label,
                manifests.stream().map(Optional::orElseThrow).toList(),
                tablespaces,
                new CombinedTree(keepsVisibilityMaps, listener));
    }

    private static void warnOfSilentManifests(
            List<Path> backups, List<Optional<BackupManifest>> manifests, CombinationListener listener) {
        for (int index = 0; index < backups.size(); index++) {
            if (manifests.get(index).orElseThrow().files().values().stream()
                    .anyMatch(file -> file.algorithm() == ManifestChecksum.NONE)) {
                listener.warning(
                        "the manifest of backup at \"" + backups.get(index)
                                + "\" has no checksums, so that damage in it is seen in pages with checksums only",
                        "");
            }
        }
    }

    /** Archives that were unpacked by hand have a map instead of links; who forgot to make these would lose tablespaces. */
    private static void requireTablespaces(Path last, List<CombinedTablespace> found) throws IOException {
        Path map = last.resolve(MAP);
        if (!Files.exists(map)) {
            return;
        }
        for (String line : Files.readString(map, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            String oid = line.replaceFirst(" .*", "");
            if (CombinedTablespace.isOid(oid)
                    && found.stream().noneMatch(one -> one.oid().equals(oid))) {
                throw new StoredBackupException(
                        "tablespace " + oid + " of \"" + map + "\" is not in \"" + last.resolve("pg_tblspc") + "\"");
            }
        }
    }

    /** The folder of the last backup. */
    public Path last() {
        return backups.getLast();
    }

    /** The combined backup's backup_label. */
    public String label() {
        return label;
    }

    /** The WAL that it needs, the newest timeline first. */
    public List<WalRange> walRanges() {
        return manifests.getLast().walRanges();
    }

    /** What the last backup's manifest says of a file that it has as a whole. */
    public Optional<ManifestFile> listed(String path) {
        return Optional.ofNullable(manifests.getLast().files().get(path));
    }

    /** About how many bytes the files have: those of the full backup, and what newer ones have besides. */
    public long expectedBytes() {
        long bytes = 0;
        for (ManifestFile file : manifests.getFirst().files().values()) {
            bytes += file.size();
        }
        return bytes;
    }

    /** The last backup's pg_control. */
    public ControlFile control() throws IOException {
        return ControlFile.read(last());
    }

    /**
     * Reads all backups and compares them with their manifests, but for WAL.
     *
     * @throws StoredBackupException if one is not as its manifest says; the listener was told why
     */
    public void verify(VerificationListener findings) throws IOException {
        for (Path backup : backups) {
            VerificationRequest request = new VerificationRequest(
                    backup,
                    backup.resolve("backup_manifest"),
                    Optional.empty(),
                    VerificationRequest.NOT_IN_MANIFESTS,
                    false,
                    false);
            if (!BackupVerifier.open(request, findings).verify(BackupVerifier.Format.PLAIN)) {
                throw new StoredBackupException("backup at \"" + backup + "\" is damaged");
            }
        }
    }

    /** Gives all files to a target, those of tablespaces first; it is asked for no place of a manifest. */
    public void send(BaseBackupStream.Target target) throws IOException {
        for (CombinedTablespace tablespace : tablespaces) {
            TarSink sink = target.open(new BaseBackupStream.Archive(
                    Optional.of(Long.parseLong(tablespace.oid())),
                    Optional.of(tablespace.to().toString())));
            tree.walk("pg_tblspc/" + tablespace.oid() + "/", tablespace.from(), new Sending(sink));
            sink.finish();
        }
        TarSink sink = target.open(new BaseBackupStream.Archive(Optional.empty(), Optional.empty()));
        Sending sending = new Sending(sink);
        sending.label();
        sending.walFolders();
        tree.walk("", last(), sending);
        sink.finish();
        tree.warnOfMaps();
    }

    /** Sends what is met. */
    private final class Sending implements CombinedTree.Visitor {
        private final TarSink sink;

        Sending(TarSink sink) {
            this.sink = sink;
        }

        void label() throws IOException {
            byte[] content = label.getBytes(StandardCharsets.ISO_8859_1);
            sink.begin(member(LABEL, last().resolve(LABEL), TarMember.Kind.FILE, content.length));
            sink.content(content, 0, content.length);
            sink.end();
        }

        /** They are made whatever the last backup has: its pg_wal can be a link. */
        void walFolders() throws IOException {
            for (String name : WAL_FOLDERS) {
                sink.begin(member(name, last().resolve("global"), TarMember.Kind.DIRECTORY, 0));
                sink.end();
            }
        }

        @Override
        public void folder(CombinedTree.Member folder) throws IOException {
            if (folder.path().startsWith(WAL)) {
                return;
            }
            String path = folder.folder() + folder.name();
            sink.begin(member(path.substring(0, path.length() - 1), folder.source(), TarMember.Kind.DIRECTORY, 0));
            sink.end();
        }

        @Override
        public void whole(CombinedTree.Member file) throws IOException {
            if (file.path().startsWith(WAL) || file.path().equals(MAP)) {
                return;
            }
            copy(file, file.source());
        }

        private void copy(CombinedTree.Member file, Path source) throws IOException {
            long size = Files.size(source);
            sink.begin(member(file.folder() + file.name(), source, TarMember.Kind.FILE, size));
            try (InputStream in = Files.newInputStream(source)) {
                long left = size;
                while (left > 0) {
                    int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                    if (count < 0) {
                        throw new StoredBackupException(
                                "could not read file \"" + source + "\": read " + (size - left) + " of " + size);
                    }
                    sink.content(buffer, 0, count);
                    left -= count;
                }
            }
            sink.end();
        }

        @Override
        public void changes(CombinedTree.Member file) throws IOException {
            try (Reconstruction plan = Reconstruction.plan(backups, file)) {
                if (plan.isCopy()) {
                    copy(file, plan.whole());
                    return;
                }
                sink.begin(member(file.folder() + file.name(), file.source(), TarMember.Kind.FILE, plan.length()));
                plan.read(block -> sink.content(block, 0, block.length));
                sink.end();
            }
        }

        @Override
        public void leftOut(CombinedTree.Member file) {
            listener.debug("leaving out \"" + file.path() + "\"");
        }

        private static TarMember member(String name, Path like, TarMember.Kind kind, long size) throws IOException {
            Map<String, Object> attributes = Files.readAttributes(like, "unix:mode,uid,gid,lastModifiedTime");
            FileTime modified = (FileTime) Objects.requireNonNull(attributes.get("lastModifiedTime"));
            return new TarMember(
                    name,
                    size,
                    number(attributes, "mode") & 07777,
                    kind,
                    "",
                    new TarMember.Stamp(
                            number(attributes, "uid"),
                            number(attributes, "gid"),
                            modified.toInstant().getEpochSecond()));
        }

        private static int number(Map<String, Object> attributes, String name) {
            return (int) Objects.requireNonNull(attributes.get(name), name);
        }
    }
}
