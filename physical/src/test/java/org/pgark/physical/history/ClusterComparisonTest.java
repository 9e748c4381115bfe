package org.pgark.physical.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.Lsn;

/** A comparison that found nothing in what differs would prove nothing. */
class ClusterComparisonTest {
    @TempDir
    Path folder;

    @BeforeEach
    void twoClusters() throws Exception {
        for (String cluster : List.of("one", "other")) {
            for (String part : List.of("base/5", "global", "pg_tblspc", "pg_xact")) {
                Files.createDirectories(folder.resolve(cluster).resolve(part));
            }
        }
        Files.createDirectories(folder.resolve("original/base/5"));
    }

    @Test
    void anAbortThatOneDoesNotKnowIsTheSame() throws Exception {
        states("one", "55a8");
        states("other", "55a0");
        assertThat(differences()).isEmpty();
    }

    @Test
    void aCommitThatOneDoesNotKnowDiffers() throws Exception {
        states("one", "5551");
        states("other", "5541");
        assertThat(differences()).containsExactly("pg_xact/0000 differs from byte 1 on, bytes 51 and 41");
    }

    @Test
    void aSubtransactionThatCommittedInOneDiffersFromAnAbort() throws Exception {
        states("one", "0c");
        states("other", "08");
        assertThat(differences()).hasSize(1);
    }

    @Test
    void aByteOfAPageDiffers() throws Exception {
        byte[] page = new byte[8192];
        page[8191] = 1;
        Files.write(folder.resolve("one/base/5/16384"), page);
        page[8191] = 2;
        Files.write(folder.resolve("other/base/5/16384"), page);
        assertThat(differences())
                .singleElement()
                .asString()
                .startsWith("base/5/16384 page 0 differs from byte 8191 on");
    }

    @Test
    void aFileThatOnlyOneHasDiffersIfTheServerHasItStill() throws Exception {
        byte[] page = new byte[8192];
        page[8191] = 1;
        Files.write(folder.resolve("other/base/5/16384"), page);
        assertThat(differences()).isEmpty();
        Files.createFile(
                Files.createDirectories(folder.resolve("original/base/5")).resolve("16384"));
        assertThat(differences()).containsExactly("base/5/16384 has 0 pages in the one and 1 in the other");
    }

    /** A page image in the WAL leaves out what stands there. */
    @Test
    void whatIsLeftOfTuplesOnAnEmptyPageOfAnSpGistIndexDoesNotDiffer() throws Exception {
        ByteBuffer page = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
        page.putShort(12, (short) 24)
                .putShort(14, (short) 8184)
                .putShort(16, (short) 8184)
                .putShort(18, (short) 0x2004);
        page.putShort(8184, (short) 4).putShort(8190, (short) 0xFF82);
        Files.write(folder.resolve("one/base/5/16384"), page.array());
        page.putInt(24, 0x00409fd8);
        Files.write(folder.resolve("other/base/5/16384"), page.array());
        assertThat(differences()).isEmpty();
        page.putShort(8184, (short) 1);
        Files.write(folder.resolve("other/base/5/16384"), page.array());
        assertThat(differences()).hasSize(1);
    }

    @Test
    void aPageThatThePlainCopyReadTooEarlyDoesNotDiffer() throws Exception {
        Files.createFile(folder.resolve("original/base/5/16384"));
        byte[] pages = new byte[3 * 8192];
        for (int page = 0; page < 3; page++) {
            pages[page * 8192 + 4] = (byte) 0x40;
            pages[page * 8192 + 8191] = 7;
        }
        Files.write(folder.resolve("one/base/5/16384"), pages);
        Arrays.fill(pages, 8192, 2 * 8192, (byte) 0);
        Files.write(folder.resolve("other/base/5/16384"), pages);
        assertThat(differences(new Lsn(0x41))).isEmpty();
        assertThat(differences(new Lsn(0x40))).hasSize(1);
        Arrays.fill(pages, 2 * 8192, 3 * 8192, (byte) 0);
        Files.write(folder.resolve("other/base/5/16384"), pages);
        assertThat(differences(new Lsn(0x41))).isEmpty();
        assertThat(differences(new Lsn(0x40))).hasSize(1);
        // The other way round a page is lost.
        Files.move(folder.resolve("one/base/5/16384"), folder.resolve("one/base/5/1"));
        Files.move(folder.resolve("other/base/5/16384"), folder.resolve("one/base/5/16384"));
        Files.move(folder.resolve("one/base/5/1"), folder.resolve("other/base/5/16384"));
        assertThat(differences(new Lsn(0x41))).hasSize(1);
    }

    private List<String> differences() throws Exception {
        return differences(Lsn.ZERO);
    }

    private List<String> differences(Lsn start) throws Exception {
        return new ClusterComparison(folder.resolve("one"), folder.resolve("other"), start, folder.resolve("original"))
                .differences();
    }

    private void states(String cluster, String bytes) throws Exception {
        Files.write(
                folder.resolve(cluster).resolve("pg_xact/0000"), HexFormat.of().parseHex(bytes));
    }
}
