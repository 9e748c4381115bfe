package org.pgark.physical.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.pgark.physical.basebackup.BaseBackupStream;
import org.pgark.physical.basebackup.TarMember;
import org.pgark.physical.basebackup.TarSink;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.label.BackupLabel;
import org.pgark.postgres.label.TablespaceMap;

/** Takes the files of a base backup as they come and has them packed. Not for several threads. */
final class ReceivingPass implements BaseBackupStream.Target {
    private static final int MODE_OF_LINKS = 0777;
    private static final int MODE_OF_DIRECTORIES = 0700;
    private static final String CONTROL = "global/pg_control";
    private static final String WAL = "pg_wal/";
    private static final List<String> WHOLE = List.of(BackupLabel.FILE_NAME, TablespaceMap.FILE_NAME, CONTROL);

    private final PackingQueue queue;
    private final ReceivedBase base;
    private final ReceivedFiles files;
    private final OwnerNames owners;
    private final boolean incremental;
    private final int relationSegmentBlocks;
    private final WalOpener walOpener;
    private final ReceivedChecksums manifest;
    private final Map<String, byte[]> whole = new HashMap<>();
    private final Map<String, String> tablespaces = new HashMap<>();
    private Optional<FileStatus> controlStatus = Optional.empty();
    private Optional<ReceivedWal> wal = Optional.empty();

    /** Makes what takes a standby's WAL. */
    @FunctionalInterface
    interface WalOpener {
        ReceivedWal open(ControlFile control);
    }

    /**
     * @param base what is known of the files before they come
     * @param files takes up directories and links
     * @param incremental whether of some files only the changes come
     * @param relationSegmentBlocks pages of a relation's file before the next one begins
     * @param manifest is told what came, and has its sender's word on it
     */
    ReceivingPass(
            PackingQueue queue,
            ReceivedBase base,
            ReceivedFiles files,
            OwnerNames owners,
            boolean incremental,
            int relationSegmentBlocks,
            WalOpener walOpener,
            ReceivedChecksums manifest) {
        this.queue = queue;
        this.base = base;
        this.files = files;
        this.owners = owners;
        this.incremental = incremental;
        this.relationSegmentBlocks = relationSegmentBlocks;
        this.walOpener = walOpener;
        this.manifest = manifest;
    }

    @Override
    public TarSink open(BaseBackupStream.Archive archive) {
        String folder = archive.tablespace()
                .map(oid -> TreeWalk.TABLESPACES + "/" + oid + "/")
                .orElse("");
        archive.location().ifPresent(location -> tablespaces.put(folder.substring(0, folder.length() - 1), location));
        return new Members(folder);
    }

    @Override
    public OutputStream manifest() {
        return manifest.out();
    }

    /**
     * Waits until everything that was received is packed.
     *
     * @throws FailedException if it is not what the server read
     */
    void finish() throws IOException, FailedException {
        queue.finish();
        manifest.verify();
        // The server sends a map in the place of its links.
        FileStatus like = controlStatus.orElseThrow(() -> new IOException("server sent no \"" + CONTROL + "\""));
        tablespaces.forEach((path, location) -> files.add(
                location.startsWith("/")
                        ? new SourceFile(
                                path,
                                Path.of(path),
                                new FileStatus(FileStatus.LINK | MODE_OF_LINKS, like.owner(), like.group(), 0, 0),
                                Optional.of(location))
                        : new SourceFile(
                                path,
                                Path.of(path),
                                new FileStatus(
                                        FileStatus.DIRECTORY | MODE_OF_DIRECTORIES,
                                        like.owner(),
                                        like.group(),
                                        0,
                                        0))));
    }

    /** One of the files that the backup's end is made of; empty if it did not come. */
    Optional<byte[]> whole(String path) {
        return Optional.ofNullable(whole.get(path));
    }

    /** What pg_control is like as a file; empty if it did not come. */
    Optional<FileStatus> controlStatus() {
        return controlStatus;
    }

    /** What came of a standby's WAL. */
    Optional<ReceivedWal> wal() {
        return wal;
    }

    /** The members of one archive. */
    private final class Members implements TarSink {
        private final String folder;
        private final CRC32C crc = new CRC32C();
        private Optional<ReceivedContent> incoming = Optional.empty();
        private Optional<String> current = Optional.empty();

        Members(String folder) {
            this.folder = folder;
        }

        @Override
        public void begin(TarMember member) throws IOException {
            // The server writes one of the directories as "./pg_wal/archive_status".
            String name = member.name().replaceFirst("^(\\./)+", "").replaceFirst("/$", "");
            if (name.indexOf('\uFFFD') >= 0) {
                throw new IOException("name of a file is no UTF-8: \"" + name + "\"");
            }
            String path = folder + name;
            owners.name(member.stamp().owner(), member.stamp().group(), "postgres");
            current = member.kind() == TarMember.Kind.FILE ? Optional.of(path) : Optional.empty();
            crc.reset();
            incoming = switch (member.kind()) {
                case DIRECTORY -> {
                    files.add(new SourceFile(path, Path.of(path), status(member, FileStatus.DIRECTORY)));
                    yield Optional.empty();
                }
                case LINK -> {
                    files.add(new SourceFile(
                            path, Path.of(path), status(member, FileStatus.LINK), Optional.of(member.linkTarget())));
                    yield Optional.empty();
                }
                case FILE -> file(path, member);
            };
        }

        private Optional<ReceivedContent> file(String path, TarMember member) throws IOException {
            FileStatus status = status(member, FileStatus.FILE);
            if (WHOLE.contains(path)) {
                if (path.equals(CONTROL)) {
                    controlStatus = Optional.of(status);
                }
                return Optional.of(new WholeFile(path));
            }
            if (path.startsWith(WAL)) {
                return wal(path.substring(WAL.length()), member.size());
            }
            String name = path.substring(path.lastIndexOf('/') + 1);
            if (incremental && name.startsWith(IncrementalHeader.PREFIX)) {
                String real = path.substring(0, path.length() - name.length())
                        + name.substring(IncrementalHeader.PREFIX.length());
                return Optional.of(new ReceivedChanges(
                        new SourceFile(real, Path.of(real), status), relationSegmentBlocks, base, queue));
            }
            SourceFile source = new SourceFile(path, Path.of(path), status);
            return Optional.of(
                    member.size() <= Packer.FRAME_BYTES
                            ? new SmallReceivedFile(source, base, queue)
                            : new LargeReceivedFile(source, base, queue));
        }

        private static FileStatus status(TarMember member, int type) {
            return new FileStatus(
                    type | member.mode(),
                    member.stamp().owner(),
                    member.stamp().group(),
                    member.size(),
                    TimeUnit.SECONDS.toMicros(member.stamp().modified()));
        }

        @Override
        public void content(byte[] source, int offset, int length) throws IOException {
            crc.update(source, offset, length);
            if (incoming.isPresent()) {
                incoming.get().content(source, offset, length);
            }
        }

        @Override
        public void end() throws IOException {
            current.ifPresent(path -> manifest.received(path, (int) crc.getValue()));
            if (incoming.isPresent()) {
                incoming.get().end();
            }
        }

        @Override
        public void finish() {
            // What is under way goes on while the next archive comes.
        }
    }

    private Optional<ReceivedContent> wal(String name, long size) throws IOException {
        if (wal.isEmpty()) {
            byte[] label = whole.get(BackupLabel.FILE_NAME);
            byte[] control = whole.get(CONTROL);
            if (label == null || control == null) {
                throw new IOException("server sent \"pg_wal/" + name + "\" before pg_control");
            }
            if (!BackupLabel.parse(new String(label, StandardCharsets.UTF_8)).fromStandby()) {
                return Optional.empty();
            }
            wal = Optional.of(walOpener.open(ControlFile.parse(control)));
        }
        Optional<ReceivedWal.Incoming> taken = wal.get().begin(name, size);
        return taken.map(into -> new ReceivedContent() {
            @Override
            public void content(byte[] source, int offset, int length) throws IOException {
                into.content(source, offset, length);
            }

            @Override
            public void end() throws IOException {
                try {
                    into.end();
                } catch (FailedException e) {
                    throw new ReceivingException(e);
                }
            }
        });
    }

    /** A file that is kept until the end. */
    private final class WholeFile implements ReceivedContent {
        private final String path;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        WholeFile(String path) {
            this.path = path;
        }

        @Override
        public void content(byte[] source, int offset, int length) {
            bytes.write(source, offset, length);
        }

        @Override
        public void end() {
            whole.put(path, bytes.toByteArray());
        }
    }
}
