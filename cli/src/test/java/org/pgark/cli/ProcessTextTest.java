package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTextTest {
    @TempDir
    private Path process;

    @Test
    void bringsBackTheBytesThatJavaReplaced() throws Exception {
        Files.write(
                process.resolve("cmdline"),
                "java\0-Xmx1m\0pg_dump\0\u00e9t\u00e9\0\0".getBytes(StandardCharsets.ISO_8859_1));
        Files.write(process.resolve("environ"), "A=\u00e9\0B=\0".getBytes(StandardCharsets.ISO_8859_1));
        ProcessText text = new ProcessText(process);
        assertThat(text.words(new String[] {"pg_dump", "\ufffdt\ufffd", ""}))
                .containsExactly("pg_dump", "\udce9t\udce9", "");
        assertThat(text.variables(Map.of("A", "\ufffd", "B", ""))).isEqualTo(Map.of("A", "\udce9", "B", ""));
    }

    @Test
    void doesNotLookWhereNothingWasReplaced() {
        ProcessText text = new ProcessText(process);
        assertThat(text.words(new String[] {"pg_dump", "\u00e9"})).containsExactly("pg_dump", "\u00e9");
        assertThat(text.words(new String[] {"pg_dump", "\ufffd"})).containsExactly("pg_dump", "\ufffd");
    }
}
