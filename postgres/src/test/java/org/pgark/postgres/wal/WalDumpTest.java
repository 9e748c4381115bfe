package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.pgark.embedded.Installation;
import org.pgark.embedded.StopMode;
import org.pgark.testkit.TestCluster;

/** Holds the reader against PostgreSQL's own, record by record. */
class WalDumpTest {
    @Test
    void seesWhatPgWaldumpSees() throws Exception {
        List<Installation> installations = WalDump.installations();
        Assumptions.assumeFalse(installations.isEmpty(), "there is no pg_waldump to compare the WAL reader with");
        for (Installation installation : installations) {
            try (TestCluster cluster = WalWorkload.cluster(installation.major())
                    .installation(installation)
                    .started()) {
                WalWorkload.prepare(cluster);
                WalWorkload.run(cluster, installation.major());
                cluster.stop(StopMode.FAST);
                WalFolder wal = new WalFolder(cluster.dataDirectory().resolve("pg_wal"));
                assertThat(compare(installation, wal)).isGreaterThan(50_000);
            }
        }
    }

    /** For WAL that takes long to make, as that of the regression suite: {@code -Dpgark.wal=FOLDER}. */
    @Tag("slow")
    @Test
    void seesWhatPgWaldumpSeesInAGivenFolder() throws IOException {
        String folder = System.getProperty("pgark.wal", "");
        Assumptions.assumeFalse(folder.isEmpty(), "no folder of WAL is given by -Dpgark.wal");
        WalFolder wal = new WalFolder(Path.of(folder));
        int major = wal.header().major().number();
        Installation installation = WalDump.installations().stream()
                .filter(programs -> programs.major() == major)
                .findFirst()
                .orElseThrow();
        System.out.println(compare(installation, wal) + " records of PostgreSQL " + major + " in " + folder);
    }

    /** How many records there are, all alike. */
    private static long compare(Installation installation, WalFolder wal) throws IOException {
        Deque<String> dumped = new ArrayDeque<>();
        WalDump.dump(installation, wal, dumped::add);
        long[] count = {0};
        List<String> differences = new ArrayList<>();
        wal.read(record -> {
            count[0]++;
            String read = WalDump.describe(record);
            String expected = dumped.isEmpty() ? "nothing" : dumped.removeFirst();
            if (!read.equals(expected) && differences.size() < 10) {
                differences.add(read + ", but pg_waldump: " + expected);
            }
        });
        assertThat(differences).isEmpty();
        assertThat(dumped).isEmpty();
        return count[0];
    }
}
