package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.log.RolledBackLogException;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectWriter;

/** A client that has seen a log before notices when the log lacks what it saw. */
class LogMemoryTest {
    private static final ObjectName FIRST = new ObjectName("log/0000000000000001");
    private static final ObjectName SECOND = new ObjectName("log/0000000000000002");

    @TempDir
    private Path folder;

    private final MemoryStore store = new MemoryStore();
    private Path memory = Path.of("");

    @BeforeEach
    void registerTwoClusters() throws IOException {
        Repository repository = Repository.create(store, SmallRepository.CLOCK, new Random(1));
        memory = folder.resolve(repository.id().value()).resolve("repository");
        register(repository, "one", 2);
        register(repository, "two", 3);
    }

    private static void register(Repository repository, String name, long system) throws IOException {
        repository.registerCluster(name, new SystemIdentifier(system), PostgresMajor.V15, WalSegmentSize.DEFAULT);
    }

    private Repository client() throws IOException {
        return Repository.open(
                store, RepositoryAccess.ANY, SmallRepository.CLOCK, new Random(2), LogMemories.in(folder));
    }

    @Test
    void namesTheNewestEntryWhenItIsMissing() throws IOException {
        assertThat(client().clusters()).hasSize(2);
        store.delete(SECOND);

        assertThatThrownBy(() -> client().clusters())
                .isInstanceOf(RolledBackLogException.class)
                .hasMessage("object \"log/0000000000000002\" is missing: this log was seen with it before,"
                        + " and now ends with entry 1")
                .extracting(failure -> ((RolledBackLogException) failure).memory())
                .isEqualTo(memory.toString());
        store.delete(FIRST);
        assertThatThrownBy(() -> client().clusters())
                .hasMessage("object \"log/0000000000000002\" is missing: this log was seen with it before,"
                        + " and now it has no entry");
    }

    @Test
    void namesAnEntryThatIsAnotherNow() throws IOException {
        assertThat(client().clusters()).hasSize(2);
        store.delete(SECOND);
        register(Repository.open(store, Optional.empty(), SmallRepository.CLOCK, new Random(7)), "other", 4);
        register(Repository.open(store, Optional.empty(), SmallRepository.CLOCK, new Random(8)), "more", 5);

        assertThatThrownBy(() -> client().clusters())
                .isInstanceOf(RolledBackLogException.class)
                .hasMessage("object \"log/0000000000000002\" is not the entry that was seen in this log before");
    }

    @Test
    void takesTheLogAsItIsWhenTheMemoryIsRemoved() throws IOException {
        assertThat(client().clusters()).hasSize(2);
        store.delete(SECOND);
        Files.delete(memory);

        assertThat(client().clusters()).hasSize(1);
        assertThat(Files.readString(memory)).startsWith("1 ");
    }

    @Test
    void followsALogThatGrows() throws IOException {
        for (int number = 3; number < 70; number++) {
            Repository client = client();
            assertThat(client.clusters()).hasSize(number - 1);
            register(client, "more" + number, number + 1);
        }
        assertThat(Files.readString(memory)).startsWith("69 ").hasSize("69 ".length() + 64 + 1);
    }

    @Test
    void nothingFailsWhereNothingCanBeRemembered() throws IOException {
        Files.createDirectories(memory.resolve("in the way"));
        assertThatCode(() -> client().clusters()).doesNotThrowAnyException();
        Repository elsewhere = Repository.open(
                store,
                RepositoryAccess.ANY,
                SmallRepository.CLOCK,
                new Random(2),
                LogMemories.in(Path.of("/proc/nothing/here")));
        assertThat(elsewhere.clusters()).hasSize(2);
        Files.delete(memory.resolve("in the way"));
        Files.delete(memory);
        Files.writeString(memory, "no such thing\n");
        assertThat(client().clusters()).hasSize(2);
        assertThat(Files.readString(memory)).startsWith("2 ");
    }

    @Test
    void aClientWithoutMemoryNamesTheMissingFirstEntryByTheClustersThatAreThere() throws IOException {
        store.delete(FIRST);
        store.delete(SECOND);
        Repository stranger = Repository.open(store, Optional.empty(), SmallRepository.CLOCK, new Random(2));
        assertThat(stranger.clusters()).isEmpty();
        try (ObjectWriter writer = store.create(new ObjectName("clusters/4f0c4f0c4f0c4f0c/log/0000000000000001"))) {
            writer.write(ByteBuffer.wrap(new byte[1]));
            writer.commit();
        }

        assertThatThrownBy(() -> stranger.cluster("one"))
                .isInstanceOf(DamagedObjectException.class)
                .hasMessage("object \"log/0000000000000001\" is damaged: it is missing,"
                        + " though there is \"clusters/4f0c4f0c4f0c4f0c\"");
    }
}
