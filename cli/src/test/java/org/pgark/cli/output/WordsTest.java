package org.pgark.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void sizesHaveTheUnitThatReadsBest() {
        assertThat(List.of(0L, 1023L, 1536L, 200L << 20, 3L << 40).stream().map(Words::size))
                .containsExactly("0 B", "1023 B", "1.5 KiB", "200 MiB", "3.0 TiB");
    }

    @Test
    void spansHaveTheUnitThatReadsBest() {
        assertThat(List.of(Duration.ofMillis(440), Duration.ofSeconds(200), Duration.ofMinutes(125)).stream()
                        .map(Words::span))
                .containsExactly("0.4 s", "3 min 20 s", "2 h 5 min");
    }

    @Test
    void oneIsSingular() {
        assertThat(Words.count(1, "file")).isEqualTo("1 file");
        assertThat(Words.count(20_000, "file")).isEqualTo("20,000 files");
    }

    @Test
    void columnsAreAsWideAsTheirWidestWord() {
        Table table = new Table("name", ">size");
        table.row("a", "1 B");
        table.row("longer", "10 KiB");

        assertThat(table.lines()).containsExactly("  name      size", "  a          1 B", "  longer  10 KiB");
    }

    @Test
    void rateTellsWhatIsLeft() {
        assertThat(new Rate(50 << 20, 100 << 20, 1_000_000_000L, 0).text())
                .isEqualTo("50 %, 50.0 MiB of 100 MiB, 50.0 MiB/s, 1.0 s left");
    }
}
