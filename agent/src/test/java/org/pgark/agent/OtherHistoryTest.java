package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.Repository;
import org.pgark.repository.archive.WalSource;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** A server that was put back to an older state writes again, with other content, what the archive has already. */
class OtherHistoryTest {
    @Test
    void nothingBehindARefusedSegmentIsArchived() throws Exception {
        try (Archive archive = new Archive();
                TestCluster server = TestCluster.of(15)
                        .walSegmentMegabytes(1)
                        .archiveCommand("false")
                        .created()) {
            archive.register(server.dataDirectory());
            server.start();
            WalSegmentName before = WalSegmentName.parse(server.switchWal());
            WalSegmentName taken = before.next(new WalSegmentSize(1 << 20));
            try (Repository open = archive.open()) {
                open.open(open.cluster("main").newest().orElseThrow())
                        .walArchive()
                        .put(new WalFileName.Segment(taken), new OtherContent());
            }
            List<String> behind = new ArrayList<>();
            for (int count = 0; count < 4; count++) {
                behind.add(server.switchWal());
            }
            server.execute("alter system set archive_command = '"
                    + archive.archiveCommand().replace("'", "''") + "'");
            server.execute("select pg_reload_conf()");

            Waiting.until("the archive has what comes before", () -> archive.contains(before.toString()));
            Waiting.until(
                    "the segment is refused again and again",
                    () -> archive.log().split(taken + " is not archived", -1).length > 3);

            assertThat(behind.getFirst()).isEqualTo(taken.toString());
            assertThat(archive.segments()).contains(taken.toString()).doesNotContainAnyElementsOf(behind.subList(1, 4));
        }
    }

    private record OtherContent() implements WalSource {
        @Override
        public ReadableByteChannel open() {
            return Channels.newChannel(new ByteArrayInputStream(new byte[1 << 20]));
        }

        @Override
        public byte[] facts() throws IOException {
            return "none".getBytes(StandardCharsets.UTF_8);
        }
    }
}
