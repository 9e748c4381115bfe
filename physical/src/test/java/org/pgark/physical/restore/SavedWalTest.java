package org.pgark.physical.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.embedded.FileTree;

class SavedWalTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:42:00Z");
    private static final List<String> NAMES = List.of("00000002.history", "000000020000000000000005");

    @TempDir
    private Path folder;

    private Path data = Path.of("");

    @BeforeEach
    void makeWal() throws IOException {
        data = folder.resolve("data");
        Files.createDirectories(data.resolve("pg_wal"));
        for (String name : NAMES) {
            Files.writeString(data.resolve("pg_wal").resolve(name), "content of " + name);
        }
    }

    @Test
    void takesAPlaceThatIsNotThereYet() throws IOException {
        SavedWal first = SavedWal.beside(data, NAMES, NOW);
        assertThat(first.place()).isEqualTo(folder.resolve("data.unarchived-wal-20261122T104200Z"));
        assertThat(first.bytes()).isEqualTo(2 * "content of ".length() + 16 + 24);
        first.save(data);
        assertThat(SavedWal.beside(data, NAMES, NOW).place())
                .isEqualTo(folder.resolve("data.unarchived-wal-20261122T104200Z-2"));
    }

    @Test
    void whatIsSavedStaysWhenTheOriginalIsRemoved() throws IOException {
        SavedWal saved = SavedWal.beside(data, NAMES, NOW);
        saved.save(data);
        FileTree.delete(data);
        for (String name : NAMES) {
            assertThat(saved.place().resolve(name)).hasContent("content of " + name);
        }
    }

    @Test
    void copiesWhereTheFileSystemIsAnother() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeFalse(!Files.isWritable(memory) || Files.getFileStore(memory).equals(Files.getFileStore(folder)));
        Path elsewhere = Files.createTempDirectory(memory, "pgark-");
        Path place = elsewhere.resolve("saved");
        try {
            new SavedWal(place, NAMES, 0).save(data);
            for (String name : NAMES) {
                assertThat(place.resolve(name)).hasContent("content of " + name);
            }
        } finally {
            FileTree.delete(elsewhere);
        }
    }

    @Test
    void leavesNothingWhereItCannotSaveAll() throws IOException {
        SavedWal saved = SavedWal.beside(data, NAMES, NOW);
        Files.delete(data.resolve("pg_wal").resolve(NAMES.getLast()));
        assertThatThrownBy(() -> saved.save(data)).isInstanceOf(NoSuchFileException.class);
        assertThat(saved.place()).doesNotExist();
    }
}
