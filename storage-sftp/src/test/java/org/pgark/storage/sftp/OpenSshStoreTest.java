package org.pgark.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStoreContract;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.testkit.OpenSshServer;

class OpenSshStoreTest extends ObjectStoreContract {
    private static final int PART_MIB = 5;

    @TempDir
    private static Path folder;

    private static OpenSshServer server;
    private static final AtomicInteger ROOTS = new AtomicInteger();

    @BeforeAll
    static void startServer() throws IOException {
        String obstacle = OpenSshServer.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(), obstacle);
        server = OpenSshServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    private static Map<StoreOption, String> values() {
        Map<StoreOption, String> values = new EnumMap<>(StoreOption.class);
        values.put(StoreOption.IDENTITY_FILE, server.identity().toString());
        values.put(StoreOption.KNOWN_HOSTS_FILE, server.knownHosts().toString());
        values.put(StoreOption.PARALLEL, "2");
        values.put(StoreOption.PART_SIZE, Integer.toString(PART_MIB << 20));
        return values;
    }

    private static ObjectStore open(Path root, Map<StoreOption, String> values) throws IOException {
        return ObjectStores.open(
                RepositoryUrl.parse("sftp://127.0.0.1:" + server.port() + root), new StoreSettings(values));
    }

    private static Path newRoot() {
        return folder.resolve("some").resolve("root-" + ROOTS.incrementAndGet());
    }

    @Override
    protected ObjectStore open() throws IOException {
        return open(newRoot(), values());
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void assertHolds(ObjectStore store, String name, byte[] expected) throws IOException {
        ByteBuffer back = ByteBuffer.allocate(expected.length);
        store.read(new ObjectName(name), 0, back);
        assertThat(back.flip()).isEqualTo(ByteBuffer.wrap(expected));
        assertThat(store.size(new ObjectName(name))).hasValue(expected.length);
    }

    @Test
    void writesPlainFilesAndLeavesNothingElse() throws IOException {
        Path root = newRoot();
        byte[] large = bytes((PART_MIB << 20) * 2 + 12_345);
        try (ObjectStore store = open(root, values())) {
            try (ObjectWriter writer = store.create(new ObjectName("folder/large"))) {
                for (int at = 0; at < large.length; at += 99_999) {
                    writer.write(ByteBuffer.wrap(large, at, Math.min(99_999, large.length - at)));
                }
                writer.commit();
            }
            assertHolds(store, "folder/large", large);
            try (ObjectWriter givenUp = store.create(new ObjectName("given-up"))) {
                givenUp.write(ByteBuffer.wrap(large));
            }
            assertThat(store.features()).contains(StoreFeature.CONDITIONAL_CREATE, StoreFeature.DURABLE_COMMIT);
        }
        assertThat(Files.readAllBytes(root.resolve("folder/large"))).isEqualTo(large);
        assertThat(root.resolve("tmp")).isEmptyDirectory();
        assertThat(root).isDirectoryNotContaining(file -> file.endsWith("given-up"));
    }

    @Test
    void goesOnOverAnotherConnectionWhenOneBreaks() throws IOException {
        byte[] large = bytes((PART_MIB << 20) * 4 + 1);
        try (ObjectStore store = open()) {
            try (ObjectWriter writer = store.create(new ObjectName("large"))) {
                for (int at = 0; at < large.length; at += 1 << 20) {
                    writer.write(ByteBuffer.wrap(large, at, Math.min(1 << 20, large.length - at)));
                    if (at % (3 << 20) == 0) {
                        server.dropConnections();
                    }
                }
                server.dropConnections();
                writer.commit();
            }
            server.dropConnections();
            assertHolds(store, "large", large);
            server.dropConnections();
            store.delete(new ObjectName("large"));
            assertThat(store.list(new ObjectName("none"))).isEmpty();
        }
    }

    @Test
    void findsThatTheNameIsItsOwnWhenTheAnswerWasLost() throws IOException {
        Path root = newRoot();
        Files.createDirectories(root.resolve("tmp"));
        Files.writeString(root.resolve("tmp/ours"), "ours");
        Files.createLink(root.resolve("object"), root.resolve("tmp/ours"));
        Files.writeString(root.resolve("tmp/other"), "ours");
        try (SftpConnections connections = connections()) {
            SftpPublication publication = new SftpPublication(new SftpFolders(root.toString()));
            boolean other = connections.run(
                    (files, _) -> publication.publish(files, root + "/tmp/other", root + "/object", true));
            assertThat(other).isFalse();
            boolean ours = connections.run(
                    (files, _) -> publication.publish(files, root + "/tmp/ours", root + "/object", true));
            assertThat(ours).isTrue();
        }
        assertThat(root.resolve("object")).hasContent("ours");
        assertThat(root.resolve("tmp")).isEmptyDirectory();
    }

    private static SftpConnections connections() {
        return new SftpConnections(
                SshAccess.of(
                        RepositoryUrl.parse("sftp://127.0.0.1:" + server.port() + "/")
                                .uri(),
                        new StoreSettings(values())),
                1);
    }

    @Test
    void removesWhatAKilledWriterLeft() throws IOException {
        Path root = newRoot();
        try (ObjectStore store = open(root, values())) {
            ObjectWriter left = store.create(new ObjectName("left"));
            left.write(ByteBuffer.wrap(bytes((PART_MIB << 20) + 1)));
            store.removeLeftovers(Duration.ofMinutes(-1));
            assertThat(root.resolve("tmp")).isEmptyDirectory();
            assertThatThrownBy(left::commit)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot write object \"left\" in " + store.description());
        }
    }

    @Test
    void refusesAServerWhoseKeyIsNotKnown() throws IOException {
        Map<StoreOption, String> values = values();
        Path empty = Files.writeString(folder.resolve("empty_known_hosts"), "");
        values.put(StoreOption.KNOWN_HOSTS_FILE, empty.toString());
        try (ObjectStore store = open(newRoot(), values)) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("(?s)cannot list object \"a\" in sftp://.*: the key of 127\\.0\\.0\\.1:"
                            + server.port() + " is not in \"" + empty
                            + "\": it is ssh-ed25519 SHA256:.*; compare it with the server's own, then add it, as"
                            + " \"ssh-keyscan -p "
                            + server.port() + " 127\\.0\\.0\\.1\" prints it");
        }
    }

    @Test
    void refusesAServerWhoseKeyHasChanged() throws IOException {
        Path other = folder.resolve("other_host");
        OpenSshServer.key(other);
        Path file = Files.writeString(
                folder.resolve("changed_known_hosts"),
                "[127.0.0.1]:" + server.port() + " " + Files.readString(folder.resolve("other_host.pub")));
        Map<StoreOption, String> values = values();
        values.put(StoreOption.KNOWN_HOSTS_FILE, file.toString());
        try (ObjectStore store = open(newRoot(), values)) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is another one than \"" + file + "\" has");
        }
    }

    @Test
    void saysThatTheServerDoesNotLetTheUserIn() throws IOException {
        Path stranger = folder.resolve("stranger");
        OpenSshServer.key(stranger);
        Map<StoreOption, String> values = values();
        values.put(StoreOption.IDENTITY_FILE, stranger.toString());
        try (ObjectStore store = open(newRoot(), values)) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("does not let the user \"" + System.getProperty("user.name") + "\" in");
        }
        values.put(StoreOption.IDENTITY_FILE, "/no/such/key");
        try (ObjectStore store = open(newRoot(), values)) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .hasMessageEndingWith("cannot read \"/no/such/key\", which \"identity-file\" names");
        }
    }

    @Test
    void takesKeysFromAnAgent() throws Exception {
        Path socket = folder.resolve("agent");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            ProcessBuilder add = new ProcessBuilder(
                    "sh", "-c", "until [ -S " + socket + " ]; do :; done; ssh-add -q " + server.identity());
            add.environment().put("SSH_AUTH_SOCK", socket.toString());
            assertThat(add.start().waitFor()).isZero();
            assertThat(SshIdentities.find(
                                    StoreSettings.NONE,
                                    Map.of("SSH_AUTH_SOCK", socket.toString()),
                                    folder.resolve("home"))
                            .getIdentities())
                    .singleElement()
                    .satisfies(identity -> assertThat(identity.getAlgName()).isEqualTo("ssh-ed25519"));
            assertThatThrownBy(() -> SshIdentities.find(StoreSettings.NONE, Map.of(), folder.resolve("home")))
                    .hasMessageStartingWith("there is no SSH key: ");
        } finally {
            agent.destroyForcibly().waitFor();
        }
    }

    @Test
    void aServerThatIsNotThereIsToldSoon() throws IOException {
        try (ObjectStore store =
                ObjectStores.open(RepositoryUrl.parse("sftp://127.0.0.1:1/x"), new StoreSettings(values()))) {
            assertThatThrownBy(() -> store.list(new ObjectName("a")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot list object \"a\" in sftp://127.0.0.1:1/x: 127.0.0.1:1 cannot be reached:"
                            + " Connection refused");
        }
    }

    @Test
    void pathsCanBeginAtTheUsersHome() throws IOException {
        try (ObjectStore store = ObjectStores.open(
                RepositoryUrl.parse("sftp://127.0.0.1:" + server.port() + "/~/no-such-folder-of-pgark"),
                new StoreSettings(values()))) {
            assertThat(store.list(new ObjectName("a"))).isEqualTo(List.of());
        }
    }
}
