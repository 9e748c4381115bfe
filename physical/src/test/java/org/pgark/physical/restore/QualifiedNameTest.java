package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QualifiedNameTest {
    @Test
    void foldsCaseAndTakesQuotesAsSqlDoes() {
        assertThat(QualifiedName.parse("Shop.Public.Item")).isEqualTo(new QualifiedName("shop", "public", "item"));
        assertThat(QualifiedName.parse("shop.\"My.Schema\".\"say \"\"hi\"\"\""))
                .isEqualTo(new QualifiedName("shop", "My.Schema", "say \"hi\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"item", "public.item", "a.b.c.d", "a..c", "a.b.\"c", ""})
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> QualifiedName.parse(text))
                .hasMessage("invalid relation \"" + text
                        + "\", must be DATABASE.SCHEMA.NAME, with double quotes as in SQL");
    }
}
