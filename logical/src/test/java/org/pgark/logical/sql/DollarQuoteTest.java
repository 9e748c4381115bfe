package org.pgark.logical.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DollarQuoteTest {
    @Test
    void choosesADelimiterThatTheTextDoesNotHold() {
        assertThat(DollarQuote.literal("select 1")).isEqualTo("$$select 1$$");
        assertThat(DollarQuote.literal("costs $")).isEqualTo("$_$costs $$_$");
        assertThat(DollarQuote.literal("$$ and $_$")).isEqualTo("$_X$$$ and $_$$_X$");
    }
}
