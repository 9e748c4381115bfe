package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalSegmentSize;

class ClusterCatalogTest {
    /** The digits are when it was registered, in seconds, and its system identifier. */
    private static Incarnation incarnation(String digits) {
        return new Incarnation(
                new ClusterId("0".repeat(16 - digits.length()) + digits),
                "main",
                SystemIdentifier.parse(digits),
                PostgresMajor.V15,
                WalSegmentSize.DEFAULT,
                Instant.ofEpochSecond(Long.parseLong(digits)));
    }

    private static ClusterCatalog catalog(String words) {
        List<Incarnation> incarnations = words.isEmpty()
                ? List.of()
                : Arrays.stream(words.split(" ", -1))
                        .map(ClusterCatalogTest::incarnation)
                        .toList();
        return new ClusterCatalog("main", incarnations);
    }

    private static String placed(String here, String there, String copied) {
        return catalog(here)
                .after(incarnation(copied), catalog(there))
                .map(incarnation -> incarnation.systemIdentifier().toString())
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1 2, 1, ''",
        "1, 1 2, 2, ''",
        "2, 1 2, 1, 2",
        "3, 1 2 3, 2, 3",
        "1 3, 1 2 3, 2, 3",
        // The order there counts, whatever the clocks said.
        "1, 2 1, 2, 1",
        // Of what is not there nothing is known but when it was registered.
        "5, 1 2, 1, 5",
        "5, 6 7, 6, ''",
        "1 5, 1 2, 2, 5",
        "1 3 9, 1 4 9, 4, 9",
        "5 1, 1 2, 2, ''",
    })
    void whatIsBroughtGetsItsPlace(String here, String there, String copied, String before) {
        assertThat(placed(here, there, copied)).isEqualTo(before);
    }

    @Test
    void theLastIsTheNewest() {
        assertThat(catalog("2 1").newest()).hasValue(incarnation("1"));
        assertThat(catalog("").newest()).isEmpty();
    }
}
