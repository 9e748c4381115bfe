package org.pgark.postgres.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.postgres.DamagedFileException;

class TablespaceMapTest {
    @Test
    void readsAndWritesWhatAServerWrites() throws Exception {
        String text = "16384 /srv/fast disk\n4294967295 /srv/slow\n";
        TablespaceMap map = TablespaceMap.parse(text);
        assertThat(map.entries())
                .containsExactly(
                        new TablespaceMap.Entry(16384, "/srv/fast disk"), new TablespaceMap.Entry(-1, "/srv/slow"));
        assertThat(map.format()).isEqualTo(text);
    }

    @Test
    void escapesLineEndsAndBackslashes() throws Exception {
        TablespaceMap map = new TablespaceMap(List.of(new TablespaceMap.Entry(16384, "/a\nb\rc\\d")));
        assertThat(map.format()).isEqualTo("16384 /a\\\nb\\\rc\\\\d\n");
        assertThat(TablespaceMap.parse(map.format())).isEqualTo(map);
    }

    @Test
    void isEmptyWithoutTablespaces() throws Exception {
        assertThat(TablespaceMap.parse("").entries()).isEmpty();
        assertThat(new TablespaceMap(List.of()).format()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"16384", "16384 ", " /path", "x /path", "4294967296 /path"})
    void refusesMalformedLines(String line) {
        assertThatThrownBy(() -> TablespaceMap.parse(line + "\n"))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage(
                        "damaged file \"tablespace_map\": invalid line \"" + line + "\", must be like \"16384 /path\"");
    }

    @Test
    void refusesATextThatIsCutShort() {
        assertThatThrownBy(() -> TablespaceMap.parse("16384 /pa"))
                .hasMessage("damaged file \"tablespace_map\": its last line \"16384 /pa\" is not complete");
    }
}
