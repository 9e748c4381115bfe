package org.pgark.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.sftp.SftpModuleProperties;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStoreContract;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;

/** A server of another make: it cannot synchronise folders, and it can be told to have no extensions at all. */
class InProcessServerTest extends ObjectStoreContract {
    @TempDir
    private static Path folder;

    private static SshServer server;
    private static final AtomicInteger ROOTS = new AtomicInteger();

    @BeforeAll
    static void startServer() throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair host = generator.generateKeyPair();
        KeyPair user = generator.generateKeyPair();
        String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(user.getPrivate().getEncoded());
        Files.writeString(
                folder.resolve("identity"),
                "-----BEGIN PRIVATE KEY-----\n" + encoded + "\n-----END PRIVATE KEY-----\n");
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(host));
        server.setPublickeyAuthenticator((_, key, _) -> key.equals(user.getPublic()));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.start();
        Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(host.getPublic()) + "\n");
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.stop(true);
    }

    @Override
    protected Optional<String> whyTheLargestAreLeftOut() {
        return Optional.of("OpenSSH's server is tried with it");
    }

    @Override
    protected ObjectStore open() throws IOException {
        return ObjectStores.open(
                RepositoryUrl.parse("sftp://somebody@127.0.0.1:" + server.getPort()
                        + folder.resolve("root-" + ROOTS.incrementAndGet())),
                new StoreSettings(Map.of(
                        StoreOption.PARALLEL,
                        "2",
                        StoreOption.IDENTITY_FILE,
                        folder.resolve("identity").toString(),
                        StoreOption.KNOWN_HOSTS_FILE,
                        folder.resolve("known_hosts").toString())));
    }

    @Test
    void createsByRenamingWhereThereAreNoHardLinks() throws IOException {
        SftpModuleProperties.OPENSSH_EXTENSIONS.set(server, "none@example.com=1");
        try (ObjectStore store = open()) {
            create(store, "first");
            assertThatThrownBy(() -> create(store, "and second")).isInstanceOf(ObjectExistsException.class);
            assertThat(store.size(new ObjectName("a/object"))).hasValue(5);
            assertThat(store.features()).containsExactly(StoreFeature.CONDITIONAL_CREATE);
        } finally {
            SftpModuleProperties.OPENSSH_EXTENSIONS.remove(server);
        }
    }

    private static void create(ObjectStore store, String text) throws IOException {
        try (ObjectWriter writer = store.create(new ObjectName("a/object"))) {
            writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            writer.commit();
        }
    }
}
