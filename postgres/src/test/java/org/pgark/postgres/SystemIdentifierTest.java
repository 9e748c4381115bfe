package org.pgark.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SystemIdentifierTest {
    @Test
    void readsAndWritesUnsignedDecimals() {
        assertThat(SystemIdentifier.parse("7711000460154126490")).hasToString("7711000460154126490");
        assertThat(SystemIdentifier.parse("18446744073709551615"))
                .isEqualTo(new SystemIdentifier(-1))
                .hasToString("18446744073709551615");
    }

    @Test
    void refusesAnythingElse() {
        assertThatThrownBy(() -> SystemIdentifier.parse("12x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid system identifier \"12x\", must be a decimal number");
        assertThatThrownBy(() -> SystemIdentifier.parse("18446744073709551616"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
