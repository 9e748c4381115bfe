package org.pgark.physical.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTimeTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T10:42:00Z, 2026-11-22T10:42:00Z",
        "2026-11-22T10:42:00.5+01:00, 2026-11-22T09:42:00.5Z",
        "2026-11-22 10:42:00, 2026-11-22T09:42:00Z",
        "2026-11-22 10:42, 2026-11-22T09:42:00Z",
        "2026-11-22 10:42:00.123456+00, 2026-11-22T10:42:00.123456Z",
        "2026-11-22 10:42:00.123456789+00, 2026-11-22T10:42:00.123456Z",
        "2026-11-22 10:42:00-0530, 2026-11-22T16:12:00Z",
        "2026-11-22 10:42:00 America/New_York, 2026-11-22T15:42:00Z",
        "2026-11-22 10:42:00 UTC, 2026-11-22T10:42:00Z",
    })
    void readsTimesAsPeopleAndServersWriteThem(String text, String instant) {
        assertThat(TargetTime.parse(text, BERLIN).instant()).isEqualTo(Instant.parse(instant));
    }

    @Test
    void echoesTheLocalZoneWhereNoneWasWritten() {
        TargetTime time = TargetTime.parse("2026-07-01 10:42:00.25", BERLIN);

        assertThat(time.zoneWritten()).isFalse();
        assertThat(time).hasToString("2026-07-01 10:42:00.25+02:00 Europe/Berlin");
        assertThat(TargetTime.parse("2026-07-01T10:42:00Z", BERLIN)).hasToString("2026-07-01 10:42:00+00:00");
    }

    @Test
    void refusesATimeThatTheClocksShowedTwice() {
        assertThatThrownBy(() -> TargetTime.parse("2026-10-25 02:30:00", BERLIN))
                .hasMessage("ambiguous time \"2026-10-25 02:30:00\": the clocks in Europe/Berlin showed it twice, add"
                        + " \"+02:00\" or \"+01:00\"");
    }

    @Test
    void refusesATimeThatTheClocksNeverShowed() {
        assertThatThrownBy(() -> TargetTime.parse("2026-03-29 02:30:00", BERLIN))
                .hasMessage("invalid time \"2026-03-29 02:30:00\": the clocks in Europe/Berlin were put forward over"
                        + " it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"yesterday", "2026-11-22", "10:42", "2026-13-22 10:42:00", "2026-11-22 10:42:00 Mars/Base", ""})
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> TargetTime.parse(text, BERLIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("invalid time \"" + text + "\"");
    }
}
