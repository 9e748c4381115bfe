package org.pgark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", ".a", "..a", "a..", "...", "a.b_c-D/0"})
    void takesNames(String name) {
        assertThat(new ObjectName(name)).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "a/.", "a b", "a~", "ä"})
    void refusesOthers(String name) {
        assertThatThrownBy(() -> new ObjectName(name)).hasMessage("invalid object name \"" + name + "\"");
    }
}
