package org.pgark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateScheduleTest {
    private static long at(String schedule, String time) {
        return RateSchedule.parse(schedule).at(LocalTime.parse(time));
    }

    @Test
    void oneRateHoldsAllDay() {
        assertThat(at("20MiB", "00:00")).isEqualTo(20L << 20);
        assertThat(at("65536", "23:59")).isEqualTo(65536);
    }

    @Test
    void theFirstTimeThatFitsCounts() {
        String schedule = "08:00-18:00 5MiB, 22:00-02:30 none, 50MiB";
        assertThat(at(schedule, "07:59:59")).isEqualTo(50L << 20);
        assertThat(at(schedule, "08:00")).isEqualTo(5L << 20);
        assertThat(at(schedule, "17:59:59")).isEqualTo(5L << 20);
        assertThat(at(schedule, "18:00")).isEqualTo(50L << 20);
        assertThat(at(schedule, "22:00")).isZero();
        assertThat(at(schedule, "02:29")).isZero();
        assertThat(at(schedule, "02:30")).isEqualTo(50L << 20);
        assertThat(at("08:00-18:00 5MiB", "19:00")).isZero();
        assertThat(RateSchedule.NONE.at(LocalTime.NOON)).isZero();
    }

    @Test
    void refusesOtherForms() {
        for (String wrong : List.of(
                "", "fast", "1KiB", "5MiB, 6MiB", "25:00-26:00 5MiB", "08:00 5MiB", "5MiB,", "999999999999TiB", "-1")) {
            assertThatThrownBy(() -> RateSchedule.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("invalid rate \"" + wrong + "\", must be a size of 64KiB or more");
        }
    }
}
