package org.pgark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectStoresTest {
    @ParameterizedTest
    @ValueSource(strings = {"file:/srv/pgark", "file:///srv/pgark", "file:/srv/x/../pgark/"})
    void opensALocalDirectory(String url) throws IOException {
        try (ObjectStore store = ObjectStores.open(RepositoryUrl.parse(url))) {
            assertThat(store).isInstanceOf(LocalDirectoryStore.class);
            assertThat(store.description()).isEqualTo("file:/srv/pgark");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv/pgark", "file:srv", "file://host/srv", "file:/a b", "file:/a?b", "", "file:"})
    void refusesWhatIsNoUrlOfAStore(String url) {
        assertThatThrownBy(() -> ObjectStores.open(RepositoryUrl.parse(url)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid repository URL \"" + url
                        + "\", must be like \"file:/var/lib/pgark/repository\" or \"s3://bucket/prefix\"");
    }

    @Test
    void theUrlOfADirectoryLeadsBackToIt() {
        Path directory = Path.of("/srv/with space/100%/ä");
        assertThat(RepositoryUrl.of(directory).localDirectory()).hasValue(directory);
        assertThat(RepositoryUrl.parse(RepositoryUrl.of(directory).toString()).localDirectory())
                .hasValue(directory);
    }

    @Test
    void namesASchemeThatItDoesNotKnow() {
        assertThatThrownBy(() -> RepositoryUrl.parse("ftp://host/x"))
                .hasMessage("invalid repository URL \"ftp://host/x\", \"ftp:\" is not supported;"
                        + " must be like \"file:/var/lib/pgark/repository\" or \"s3://bucket/prefix\"");
    }
}
