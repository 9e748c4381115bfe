package org.pgark.postgres.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;

class BackupLabelTest {
    private static final String TEXT = """
            START WAL LOCATION: 0/6000028 (file 000000020000000000000006)
            CHECKPOINT LOCATION: 0/6000060
            BACKUP METHOD: streamed
            BACKUP FROM: primary
            START TIME: 2026-11-22 10:42:00 UTC
            LABEL: nightly: of db1
            START TIMELINE: 2
            """;

    @Test
    void readsWhatAServerWrites() throws Exception {
        assertThat(BackupLabel.parse(TEXT))
                .isEqualTo(new BackupLabel(
                        Lsn.parse("0/6000028"),
                        WalSegmentName.parse("000000020000000000000006"),
                        Lsn.parse("0/6000060"),
                        false,
                        "2026-11-22 10:42:00 UTC",
                        "nightly: of db1",
                        new Timeline(2),
                        false));
    }

    @Test
    void tellsBackupsOfStandbysAndIncrementalOnes() throws Exception {
        BackupLabel label = BackupLabel.parse(
                TEXT.replace("primary", "standby") + "INCREMENTAL FROM LSN: 0/4000028\nINCREMENTAL FROM TLI: 1\n");
        assertThat(label.fromStandby()).isTrue();
        assertThat(label.incremental()).isTrue();
    }

    @Test
    void readsTheWordOfVersion13ForAPrimary() throws Exception {
        assertThat(BackupLabel.parse(TEXT.replace("primary", "master"))).isEqualTo(BackupLabel.parse(TEXT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0/6000028 (file 0|0/6000028 (folder 0|invalid start WAL location"
                        + " \"0/6000028 (folder 000000020000000000000006)\"",
                "START WAL|STOP WAL|there is no line \"START WAL LOCATION\"",
                "N: 0/6000060|N: 6000060|invalid LSN \"6000060\", must be like \"16/3002D50\"",
                "FROM: primary|FROM: nowhere|backup from \"nowhere\", must be \"primary\" or \"standby\"",
                "TIMELINE: 2|TIMELINE: two|invalid start timeline \"two\"",
                "TIMELINE: 2|TIMELINE: 0|invalid timeline 0, must be 1 or more",
            })
    void refusesLinesThatRecoveryCouldNotUse(String from, String to, String problem) {
        assertThatThrownBy(() -> BackupLabel.parse(TEXT.replace(from, to)))
                .isInstanceOf(DamagedFileException.class)
                .hasMessage("damaged file \"backup_label\": " + problem);
    }
}
