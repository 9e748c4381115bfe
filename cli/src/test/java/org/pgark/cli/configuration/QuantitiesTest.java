package org.pgark.cli.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {
    @ParameterizedTest
    @CsvSource({
        "500ms,500,500ms",
        "30s,30000,30s",
        "90,90000,90s",
        "15min,900000,15m",
        "300s,300000,5m",
        "2h,7200000,2h",
        "48h,172800000,2d",
        "0s,0,0s"
    })
    void readsTimes(String text, long millis, String shortest) {
        assertThat(TimeSpan.parse(text).duration().toMillis()).isEqualTo(millis);
        assertThat(TimeSpan.parse(text)).hasToString(shortest);
    }

    @ParameterizedTest
    @CsvSource({
        "0B,0,0B",
        "512B,512,512B",
        "64MiB,67108864,64MiB",
        "2048KiB,2097152,2MiB",
        "1TiB,1099511627776,1TiB",
        "64MB,67108864,64MiB",
        "8kB,8192,8KiB"
    })
    void readsSizes(String text, long bytes, String shortest) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
        assertThat(ByteSize.parse(text)).hasToString(shortest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1 s", "1S", "1w", "9999999999s"})
    void refusesOtherFormsOfTimes(String text) {
        assertThatThrownBy(() -> TimeSpan.parse(text))
                .hasMessage("invalid length of time \"" + text + "\", must be like \"30s\" or \"5m\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64M", "64mib", "64mb", "-1B", "1.5GiB"})
    void refusesOtherFormsOfSizes(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .hasMessage("invalid size \"" + text + "\", must be like \"64MiB\"");
    }

    @Test
    void countsTheLettersBetweenTwoWords() {
        assertThat(Suggestion.distance("pgdta", "pgdata")).isEqualTo(1);
        assertThat(Suggestion.distance("", "abc")).isEqualTo(3);
        assertThat(Suggestion.distance("url", "id")).isEqualTo(3);
    }
}
