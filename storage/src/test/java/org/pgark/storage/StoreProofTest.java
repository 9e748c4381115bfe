package org.pgark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreProofTest {
    private static final ObjectName FOLDER = new ObjectName("check").child("1");

    private static List<StoreProof.Finding> prove(ObjectStore store) throws InterruptedException {
        List<StoreProof.Finding> findings = new ArrayList<>();
        new StoreProof(store, FOLDER, 2, findings::add).run();
        return findings;
    }

    @Test
    void aLocalDirectoryDoesWhatIsNeededAndNothingIsLeft(@TempDir Path folder) throws Exception {
        try (ObjectStore store = new LocalDirectoryStore(folder)) {
            assertThat(prove(store)).hasSize(11).allMatch(StoreProof.Finding::passed);
            assertThat(store.list(new ObjectName("check"))).isEmpty();
        }
    }

    @Test
    void aStoreThatReplacesObjectsIsFoundOut() throws Exception {
        MemoryStore memory = new MemoryStore();
        ObjectStore replacing = (ObjectStore) java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ObjectStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("create")) {
                        memory.delete((ObjectName) arguments[0]);
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause() instanceof IOException io ? io : e;
                    }
                });

        assertThat(prove(replacing))
                .hasSize(10)
                .filteredOn(finding -> !finding.passed())
                .containsExactly(new StoreProof.Finding(
                        "conditional create",
                        StoreProof.Outcome.ONE_WRITER,
                        "a name that is taken is not refused: a repository there can only have one writer"));
    }
}
