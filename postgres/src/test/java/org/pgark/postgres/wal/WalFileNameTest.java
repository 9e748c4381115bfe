package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.postgres.Timeline;

class WalFileNameTest {
    private static final WalSegmentName NAME = WalSegmentName.parse("000000020000000000000003");

    @Test
    void tellsTheKindsOfFilesApart() {
        assertThat(WalFileName.parse("000000020000000000000003")).isEqualTo(new WalFileName.Segment(NAME));
        assertThat(WalFileName.parse("000000020000000000000003.partial")).isEqualTo(new WalFileName.Partial(NAME));
        assertThat(WalFileName.parse("00000002.history")).isEqualTo(new WalFileName.History(new Timeline(2)));
        assertThat(WalFileName.parse("000000020000000000000003.00000028.backup"))
                .isEqualTo(new WalFileName.BackupHistory(NAME, 0x28));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "000000020000000000000003",
                "000000020000000000000003.partial",
                "00000002.history",
                "000000020000000000000003.00A00028.backup"
            })
    void writesWhatItReadAndKnowsTheTimeline(String text) {
        assertThat(WalFileName.parse(text)).hasToString(text);
        assertThat(WalFileName.parse(text).timeline()).isEqualTo(new Timeline(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "../00000002.history",
                "00000000.history",
                "000000020000000000000003.PARTIAL",
                "000000000000000000000003.partial",
                "000000020000000000000003.28.backup",
                "RECOVERYXLOG",
                "000000020000000000000003\n"
            })
    void refusesOtherFiles(String text) {
        assertThatThrownBy(() -> WalFileName.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid WAL file name \"" + text
                        + "\", must be a segment, a .partial segment, a .history or a .backup file");
    }
}
