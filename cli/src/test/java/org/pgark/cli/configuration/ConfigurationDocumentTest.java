package org.pgark.cli.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationDocumentTest {
    /** With -Dpgark.write.documents=true the document is written instead. */
    @Test
    void documentSaysWhatTheDeclarationsSay() throws Exception {
        Path document = Path.of("..", "docs", "configuration.md");
        if (Boolean.getBoolean("pgark.write.documents")) {
            Files.createDirectories(Path.of("..", "docs"));
            Files.writeString(document, ConfigurationDocument.text());
        }
        assertThat(document).hasContent(ConfigurationDocument.text());
    }

    @Test
    void everyDefaultIsAValueOfItsKey() {
        for (ConfigurationKey<?> key : ConfigurationKeys.ALL) {
            if (key.defaultValue() instanceof DefaultValue.Fixed) {
                assertThat(key.fixedDefault()).as(key.pattern()).isNotNull();
            }
        }
    }

    @Test
    void noTwoKeysShareAVariable() {
        assertThat(ConfigurationKeys.ALL).extracting(ConfigurationKey::variable).doesNotHaveDuplicates();
    }
}
