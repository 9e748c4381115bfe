package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeftoversTest {
    @Test
    void aPlaceThatDoesNotLetThemBeRemovedIsOnlyWarnedOf() throws Exception {
        List<String> warnings = new ArrayList<>();
        Leftovers.remove(
                _ -> {
                    throw new IOException("cannot remove what was not finished in s3://b: denied");
                },
                warnings::add);
        assertThat(warnings).containsExactly("cannot remove what was not finished in s3://b: denied");
    }
}
