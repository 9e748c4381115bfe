package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PathOrderTest {
    @Test
    void ordersAsTheBytesOfUtf8() {
        List<String> paths = List.of(
                "",
                "/etc/x",
                "a",
                "a-b",
                "a.b",
                "a/b",
                "a0",
                "a_fsm",
                "ab",
                "base/1/2",
                "\u00e9",
                "\uff21",
                "\ud83d\ude00");
        for (String left : paths) {
            for (String right : paths) {
                int byBytes = Arrays.compareUnsigned(
                        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
                assertThat(Integer.signum(PathOrder.BYTEWISE.compare(left, right)))
                        .as("%s against %s", left, right)
                        .isEqualTo(Integer.signum(byBytes));
            }
        }
    }
}
