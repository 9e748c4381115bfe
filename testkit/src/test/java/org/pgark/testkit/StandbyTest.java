package org.pgark.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StandbyTest {
    @ParameterizedTest
    @ValueSource(ints = {14, 18})
    void followsItsPrimaryAndCanBePromoted(int major) throws Exception {
        try (TestCluster primary =
                TestCluster.of(major).walSegmentMegabytes(1).tablespace("side").started()) {
            primary.execute("create table note (text text) tablespace side; insert into note values ('before')");
            try (TestCluster standby = primary.standby().started()) {
                primary.execute("insert into note values ('after')");
                Waiting.until(
                        "the standby has both rows",
                        () -> standby.queryAll("select text from note")
                                .equals(primary.queryAll("select text from note")));
                assertThat(standby.query("select pg_is_in_recovery()")).isEqualTo("t");
                assertThat(standby.home().resolve("tablespaces")).isDirectoryContaining(Files::isDirectory);

                standby.cluster().promote();

                standby.execute("insert into note values ('own')");
                assertThat(primary.query("select count(*) from note")).isEqualTo("2");
                assertThat(standby.query("select count(*) from note")).isEqualTo("3");
                assertThat(standby.query("select pg_walfile_name(pg_current_wal_lsn())"))
                        .startsWith("00000002");
            }
        }
    }
}
