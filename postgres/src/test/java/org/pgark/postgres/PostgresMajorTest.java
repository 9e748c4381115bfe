package org.pgark.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PostgresMajorTest {
    @Test
    void findsVersionsByNumber() {
        assertThat(PostgresMajor.of(15)).isEqualTo(PostgresMajor.V15);
        assertThat(PostgresMajor.V15.tablespaceVersionDirectory()).isEqualTo("PG_15_202209061");
    }

    @Test
    void refusesVersionsThatItDoesNotKnow() {
        assertThatThrownBy(() -> PostgresMajor.of(12))
                .hasMessage("unsupported PostgreSQL version 12, must be 13 to 18");
    }
}
