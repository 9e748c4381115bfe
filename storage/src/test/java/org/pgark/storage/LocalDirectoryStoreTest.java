package org.pgark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDirectoryStoreTest extends ObjectStoreContract {
    @TempDir
    private Path folder;

    @Override
    protected ObjectStore open() {
        return new LocalDirectoryStore(folder.resolve("new/store"));
    }

    private Path root() {
        return folder.resolve("new/store");
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(root().resolve("tmp"))) {
            return files.toList();
        }
    }

    /** Notes what is synchronised, and what exists at that moment. */
    private final class Notes implements FileSync {
        final List<String> steps = new ArrayList<>();

        @Override
        public void file(Path path, FileChannel channel) {
            steps.add("file under " + folder.relativize(path.getParent()) + ", visible: "
                    + Files.exists(root().resolve("a/b/c")));
        }

        @Override
        public void folder(Path path) {
            steps.add("folder " + folder.relativize(path) + ", visible: " + Files.exists(root().resolve("a/b/c")));
        }
    }

    @Test
    void synchronisesTheFileThenEveryNewFolderThenTheName() throws IOException {
        Notes notes = new Notes();
        try (LocalDirectoryStore store = new LocalDirectoryStore(root(), notes)) {
            put(store, "a/b/c", "x");
            assertThat(notes.steps)
                    .containsExactly(
                            "folder , visible: false",
                            "folder new, visible: false",
                            "folder new/store, visible: false",
                            "file under new/store/tmp, visible: false",
                            "folder new/store, visible: false",
                            "folder new/store/a, visible: false",
                            "folder new/store/a/b, visible: true");
        }
    }

    @Test
    void synchronisesFoldersThatAnotherProcessMade() throws IOException {
        try (LocalDirectoryStore other = new LocalDirectoryStore(root())) {
            put(other, "a/b/x", "x");
        }
        Notes notes = new Notes();
        try (LocalDirectoryStore store = new LocalDirectoryStore(root(), notes)) {
            put(store, "a/b/c", "x");
            put(store, "a/b/d", "x");
        }
        assertThat(notes.steps)
                .containsExactly(
                        "folder new/store, visible: false",
                        "file under new/store/tmp, visible: false",
                        "folder new/store, visible: false",
                        "folder new/store/a, visible: false",
                        "folder new/store/a/b, visible: true",
                        "file under new/store/tmp, visible: true",
                        "folder new/store/a/b, visible: true");
    }

    @Test
    void whatAnotherWriterCommittedIsDurableBeforeItIsReported() throws IOException {
        try (LocalDirectoryStore other = new LocalDirectoryStore(root())) {
            put(other, "a/b/c", "x");
        }
        Notes notes = new Notes();
        try (LocalDirectoryStore store = new LocalDirectoryStore(root(), notes)) {
            assertThatThrownBy(() -> put(store, "a/b/c", "y")).isInstanceOf(ObjectExistsException.class);
            assertThat(notes.steps).last().isEqualTo("folder new/store/a/b, visible: true");
            notes.steps.clear();
            store.settle(name("a/b/c"));
            assertThat(notes.steps).containsExactly("folder new/store/a/b, visible: true");
        }
    }

    @Test
    void aFailedSynchronisationShowsNothing() throws IOException {
        FileSync failing = new FileSync() {
            @Override
            public void file(Path path, FileChannel channel) throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public void folder(Path path) {}
        };
        try (LocalDirectoryStore store = new LocalDirectoryStore(root(), failing)) {
            assertThatThrownBy(() -> put(store, "a", "x"))
                    .hasMessage("cannot write object \"a\" in file:" + root() + ": Input/output error");
            assertThat(store.size(name("a"))).isEmpty();
            assertThat(temporaryFiles()).isEmpty();
        }
    }

    @Test
    void leavesNoTemporaryFilesBehind() throws IOException {
        try (ObjectStore store = open()) {
            put(store, "a", "x");
            assertThatThrownBy(() -> put(store, "a", "x")).isInstanceOf(ObjectExistsException.class);
            try (ObjectWriter writer = store.create(name("b"))) {
                writer.write(ByteBuffer.wrap(new byte[10]));
            }
            assertThat(temporaryFiles()).isEmpty();
        }
    }

    @Test
    void clearsLeftoversAwayOnlyWhenTheyAreOldEnough() throws IOException {
        try (ObjectStore store = open()) {
            ObjectWriter dead = store.create(name("dead"));
            dead.write(ByteBuffer.wrap(new byte[10]));
            ObjectWriter alive = store.create(name("alive"));
            Files.setLastModifiedTime(
                    temporaryFiles().getFirst(), FileTime.from(Instant.now().minus(Duration.ofHours(3))));
            store.removeLeftovers(Duration.ofHours(4));
            assertThat(temporaryFiles()).hasSize(2);
            store.removeLeftovers(Duration.ofHours(2));
            assertThat(temporaryFiles()).hasSize(1);
            dead.close();
            alive.close();
        }
    }

    /** As a mount point is, once its file system is unmounted. */
    @Test
    void writesNothingWhereTheRepositoryIsGone() throws IOException {
        try (ObjectStore making = open()) {
            put(making, "repository", "x");
        }
        try (ObjectStore store = open()) {
            Files.move(root(), root().resolveSibling("unmounted"));
            Files.createDirectory(root());
            assertThatThrownBy(() -> put(store, "wal/1", "x"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot write object \"wal/1\"")
                    .hasMessageEndingWith("\"" + root().resolve("repository")
                            + "\" was there before and is gone; is the file system mounted?");
            assertThat(root()).isEmptyDirectory();
            Files.delete(root());
            Files.move(root().resolveSibling("unmounted"), root());
            put(store, "wal/1", "x");
            assertThat(store.size(name("wal/1"))).hasValue(1);
        }
    }

    @Test
    void clearsNothingAwayWhereNothingWasWritten() throws IOException {
        try (ObjectStore store = open()) {
            store.removeLeftovers(Duration.ZERO);
            assertThat(root()).doesNotExist();
        }
    }

    @Test
    void keepsObjectsFromOthers() throws IOException {
        try (ObjectStore store = open()) {
            put(store, "a/b", "x");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root().resolve("a/b"))))
                .startsWith("rw-")
                .endsWith("---");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root().resolve("a"))))
                .startsWith("rwx")
                .endsWith("---");
    }

    @Test
    void namesTheObjectWhereTheFileSystemRefuses() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        try (LocalDirectoryStore store = new LocalDirectoryStore(file)) {
            assertThatThrownBy(() -> put(store, "a/b", "x"))
                    .hasMessage("cannot write object \"a/b\" in file:" + file + ": Not a directory");
        }
    }

    @Test
    void passesOverFilesWhoseNamesAreNoObjects() throws IOException {
        try (ObjectStore store = open()) {
            put(store, "a/b", "x");
            Files.writeString(root().resolve("a/b~"), "");
            assertThat(store.list(name("a"))).containsExactly(new StoredObject(name("a/b"), 1));
        }
    }

    @Test
    void reservesItsTemporaryFolder() throws IOException {
        try (ObjectStore store = open()) {
            assertThatThrownBy(() -> store.create(name("tmp/a")))
                    .hasMessage("invalid object name \"tmp/a\", \"tmp\" and \"reserve\" are reserved");
        }
    }

    @Test
    void anInterruptedReaderDoesNotDisturbOthers() throws IOException {
        try (ObjectStore store = open()) {
            put(store, "a", "hello");
            assertThat(get(store, "a", 0, 5)).isEqualTo("hello");
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> get(store, "a", 0, 5)).hasRootCauseInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(get(store, "a", 0, 5)).isEqualTo("hello");
        }
    }
}
