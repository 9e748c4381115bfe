package org.pgark.physical.receive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.embedded.FileTree;
import org.pgark.physical.basebackup.ArchiveCompression;
import org.pgark.physical.basebackup.BackupFolders;
import org.pgark.physical.basebackup.BaseBackup;
import org.pgark.physical.basebackup.BaseBackupListener;
import org.pgark.physical.basebackup.BaseBackupRequest;
import org.pgark.physical.basebackup.TablespaceMappings;
import org.pgark.physical.basebackup.WalMethod;
import org.pgark.physical.receive.MutatedServer.Messages;
import org.pgark.physical.systemcall.SyncMethod;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.testkit.ProgramOutcome;

/** A server that says what no server should: clear errors, no hang, nothing allocated for what was only announced. */
@Timeout(300)
class ReplicationFuzzTest {
    private static final int SEGMENT = 1 << 20;

    @TempDir
    private Path folder;

    private final Random seeds = new Random();

    private static byte[] stream() {
        Messages messages = new Messages().message('W', new byte[] {0, 0, 0});
        long position = 1 << 20;
        for (int part = 0; part < 6; part++) {
            byte[] data = new byte[400];
            messages.message(
                    'd',
                    ByteBuffer.allocate(25 + data.length)
                            .put((byte) 'w')
                            .putLong(position)
                            .putLong(position + data.length)
                            .putLong(0)
                            .put(data)
                            .array());
            position += data.length;
            messages.message(
                    'd',
                    ByteBuffer.allocate(18)
                            .put((byte) 'k')
                            .putLong(position)
                            .putLong(0)
                            .put((byte) (part % 2))
                            .array());
        }
        return messages.message('c', new byte[0])
                .columns(2)
                .row("2", "0/100100")
                .message('C', "START_STREAMING\0".getBytes(StandardCharsets.US_ASCII))
                .ready()
                .toBytes();
    }

    private static byte[] identified() {
        return new Messages()
                .result("IDENTIFY_SYSTEM", "7123456789", "1", "0/200000", "")
                .ready()
                .toBytes();
    }

    private void streams(int cases) throws Exception {
        List<byte[]> script = List.of(
                Messages.welcome("18.1"),
                identified(),
                stream(),
                new Messages()
                        .result("TIMELINE_HISTORY", "00000002.history", "1\t0/100100\tno recovery target specified\n")
                        .ready()
                        .toBytes());
        try (MutatedServer server = new MutatedServer()) {
            stream(server, script);
            server.hurry();
            for (int number = 0; number < cases; number++) {
                long seed = seeds.nextLong();
                List<byte[]> mutated = MutatedServer.mutated(script, new Random(seed));
                MutatedServer.survives(() -> stream(server, mutated), "seed " + seed);
            }
        }
    }

    private static void stream(MutatedServer server, List<byte[]> script) throws IOException {
        try (WireConnection connection = server.open(script)) {
            WalStreamRequest request = new WalStreamRequest(
                    new Lsn(1 << 20),
                    1,
                    Optional.empty(),
                    Optional.of("slot"),
                    true,
                    Duration.ofSeconds(10),
                    SEGMENT,
                    false,
                    Duration.ofSeconds(20));
            new WalStream(new ReplicationSession(connection), request, new Nowhere(), new Endless()).run();
        }
    }

    @Test
    void aStreamOfWal() throws Exception {
        streams(500);
    }

    @Test
    @Tag("slow")
    void manyStreamsOfWal() throws Exception {
        streams(50_000);
    }

    private static byte[] tarHeader(String name, int size, char type) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, type == '5' ? "0000700" : "0000600");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, String.format("%011o", size));
        put(header, 136, "00000000000");
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xFF;
        }
        put(header, 148, String.format("%06o", sum));
        header[154] = 0;
        return header;
    }

    private static void put(byte[] target, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, target, at, bytes.length);
    }

    private static byte[] backup() {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        tar.writeBytes(tarHeader("backup_label", 100, '0'));
        tar.writeBytes(new byte[512]);
        tar.writeBytes(tarHeader("base/", 0, '5'));
        tar.writeBytes(tarHeader("base/1234", 1024, '0'));
        tar.writeBytes(new byte[1024]);
        tar.writeBytes(tarHeader("postgresql.auto.conf", 20, '0'));
        tar.writeBytes(new byte[512]);
        tar.writeBytes(new byte[1024]);
        byte[] archive = tar.toByteArray();
        Messages messages = new Messages()
                .result("SELECT", "0/2000028", "1")
                .result("SELECT", "", "", "5")
                .message('H', new byte[] {0, 0, 0})
                .message('d', "nbase.tar\0\0".getBytes(StandardCharsets.US_ASCII));
        for (int at = 0; at < archive.length; at += 700) {
            ByteBuffer data = ByteBuffer.allocate(1 + Math.min(700, archive.length - at));
            data.put((byte) 'd').put(archive, at, data.remaining());
            messages.message('d', data.array());
            messages.message(
                    'd', ByteBuffer.allocate(9).put((byte) 'p').putLong(at).array());
        }
        return messages.message('d', "m".getBytes(StandardCharsets.US_ASCII))
                .message('d', "d{}".getBytes(StandardCharsets.US_ASCII))
                .message('c', new byte[0])
                .result("SELECT", "0/2000100", "1")
                .message('C', "BASE_BACKUP\0".getBytes(StandardCharsets.US_ASCII))
                .ready()
                .toBytes();
    }

    private void backups(int cases) throws Exception {
        List<byte[]> script = List.of(Messages.welcome("18.1"), identified(), backup());
        try (MutatedServer server = new MutatedServer()) {
            receive(server, script, folder.resolve("right"));
            server.hurry();
            for (int number = 0; number < cases; number++) {
                long seed = seeds.nextLong();
                List<byte[]> mutated = MutatedServer.mutated(script, new Random(seed));
                Path target = folder.resolve("data");
                MutatedServer.survives(() -> receive(server, mutated, target), "seed " + seed);
                if (Files.exists(target)) {
                    // A mutated mode can lock its owner out, who is not always root.
                    ProgramOutcome.of(List.of("chmod", "-R", "u+rwX", target.toString()));
                    FileTree.delete(target);
                }
            }
            try (var left = Files.list(folder)) {
                org.assertj.core.api.Assertions.assertThat(left).containsExactly(folder.resolve("right"));
            }
        }
    }

    private static void receive(MutatedServer server, List<byte[]> script, Path target) throws Exception {
        try (WireConnection connection = server.open(script)) {
            BaseBackupRequest request = new BaseBackupRequest(
                    new BaseBackupRequest.Output.Plain(target, new TablespaceMappings()),
                    "fuzz",
                    true,
                    0,
                    WalMethod.NONE,
                    new BaseBackupRequest.Slot.None(),
                    true,
                    true,
                    Optional.of(new BaseBackupRequest.ManifestOptions(false, Optional.empty())),
                    Optional.empty(),
                    ArchiveCompression.NONE,
                    Optional.empty(),
                    Optional.of(new byte[] {'#', '\n'}),
                    false,
                    Duration.ZERO,
                    SyncMethod.FSYNC);
            BackupFolders folders = new BackupFolders(false);
            folders.takeData(target);
            new BaseBackup(connection, () -> server.open(script), request, folders, new Deaf()).run(SEGMENT, false);
        }
    }

    @Test
    void aBaseBackup() throws Exception {
        backups(300);
    }

    @Test
    @Tag("slow")
    void manyBaseBackups() throws Exception {
        backups(20_000);
    }

    private static final class Endless implements WalStreamListener {
        @Override
        public boolean reached(Lsn position, int timeline, boolean segmentFinished) {
            return timeline > 1;
        }

        @Override
        public void info(String line) {}
    }

    private static final class Nowhere implements WalPlace {
        @Override
        public boolean has(String name) {
            return false;
        }

        @Override
        public WalFile openSegment(String name) {
            return new Counted(name);
        }

        @Override
        public void put(String name, byte[] content) {}

        @Override
        public void markDone(String name) {}

        @Override
        public void finish() {}

        @Override
        public void close() {}
    }

    private static final class Counted implements WalPlace.WalFile {
        private final String name;
        private int position;

        Counted(String name) {
            this.name = name;
        }

        @Override
        public String shownName() {
            return name;
        }

        @Override
        public int position() {
            return position;
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            position += length;
        }

        @Override
        public void sync() {}

        @Override
        public void close(boolean complete) {}
    }

    private static final class Deaf implements BaseBackupListener {
        @Override
        public void verbose(String line) {}

        @Override
        public void info(String line) {}

        @Override
        public void error(String line) {}

        @Override
        public void waitingForCheckpoint() {}

        @Override
        public void expected(long kilobytes, int tablespaces) {}

        @Override
        public void file(String path) {}

        @Override
        public void progress(long bytes, int tablespaces, boolean news) {}

        @Override
        public void received(int tablespaces) {}
    }
}
