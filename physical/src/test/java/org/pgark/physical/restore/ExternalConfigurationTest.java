package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExternalConfigurationTest {
    private static final Path ROOT = Path.of("/restored/conf");
    private static final List<String> DEBIAN = List.of(
            "/etc/postgresql/15/main/conf.d/extra.conf",
            "/etc/postgresql/15/main/pg_hba.conf",
            "/etc/postgresql/15/main/postgresql.conf");

    @Test
    void keepsPathsFromTheDeepestSharedDirectory() {
        assertThat(ExternalConfiguration.places(DEBIAN, ROOT))
                .containsEntry(DEBIAN.get(0), ROOT.resolve("conf.d/extra.conf"))
                .containsEntry(DEBIAN.get(1), ROOT.resolve("pg_hba.conf"))
                .containsEntry(DEBIAN.get(2), ROOT.resolve("postgresql.conf"));
        assertThat(ExternalConfiguration.places(List.of("/etc/a/x.conf", "/srv/b/x.conf"), ROOT))
                .containsEntry("/etc/a/x.conf", ROOT.resolve("etc/a/x.conf"))
                .containsEntry("/srv/b/x.conf", ROOT.resolve("srv/b/x.conf"));
        assertThat(ExternalConfiguration.places(List.of(), ROOT)).isEmpty();
    }

    @Test
    void appendsWhereThingsAreNow() {
        Destination destination = new Destination(
                Path.of("/restored/it's"), Map.of(), "PG_15_202209061", ExternalConfiguration.places(DEBIAN, ROOT));
        String text = """
                data_directory = '/var/lib/postgresql/15/main'
                hba_file = '/elsewhere/pg_hba.conf'
                hba_file = '/etc/postgresql/15/main/pg_hba.conf'	# the last one counts
                #ident_file = '/etc/postgresql/15/main/pg_ident.conf'""";

        assertThat(ExternalConfiguration.lines(text, Map.of("data_directory", "/restored/it's"), destination))
                .isEqualTo("""

                        # Places of the restored cluster, written by pgark restore
                        data_directory = '/restored/it''s'
                        hba_file = '/restored/conf/pg_hba.conf'
                        """);
        assertThat(ExternalConfiguration.lines("port = 5432\n", Map.of(), destination))
                .isEmpty();
    }
}
