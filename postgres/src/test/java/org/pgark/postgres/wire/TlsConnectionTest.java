package org.pgark.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.testkit.ProgramOutcome;
import org.pgark.testkit.TestCluster;

/** TLS against real servers: modes, certificates of both sides, channel binding, direct negotiation. */
@Timeout(120)
class TlsConnectionTest {
    private static final String ACCESS = """
        local all all trust
        hostssl all cert_user 127.0.0.1/32 cert
        hostssl all scram_user 127.0.0.1/32 scram-sha-256
        hostnossl all plain_user 127.0.0.1/32 scram-sha-256
        hostssl all all 127.0.0.1/32 trust
        hostssl replication all 127.0.0.1/32 trust
        """;
    private static final String STORE_PASSWORD = "only for this test";

    @TempDir
    private static Path keys;

    private static TestCluster newest;
    private static TestCluster oldest;

    @BeforeAll
    static void startServers() throws Exception {
        key("ca", "CN=Test CA", "bc:critical=ca:true", "");
        key("other", "CN=Other CA", "bc:critical=ca:true", "");
        key("server", "CN=localhost", "san=dns:localhost,ip:127.0.0.1", "ca");
        key("client", "CN=cert_user", "eku=clientAuth", "ca");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys.resolve("all.p12"))) {
            store.load(in, STORE_PASSWORD.toCharArray());
        }
        for (String name : List.of("ca", "other", "server", "client")) {
            pem(name + ".crt", "CERTIFICATE", store.getCertificate(name).getEncoded());
            Path key = pem(
                    name + ".key",
                    "PRIVATE KEY",
                    store.getKey(name, STORE_PASSWORD.toCharArray()).getEncoded());
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }
        newest = started(18);
        oldest = started(13);
    }

    private static void key(String name, String distinguishedName, String extension, String signer) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                distinguishedName,
                "-ext",
                extension,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                keys.resolve("all.p12").toString(),
                "-storepass",
                STORE_PASSWORD));
        if (!signer.isEmpty()) {
            command.addAll(List.of("-signer", signer));
        }
        ProgramOutcome outcome = ProgramOutcome.of(command);
        assertThat(outcome.exitStatus()).as(outcome.output() + outcome.errors()).isZero();
    }

    private static Path pem(String file, String kind, byte[] bytes) throws IOException {
        return Files.writeString(
                keys.resolve(file),
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + kind
                        + "-----\n");
    }

    private static TestCluster started(int major) throws Exception {
        TestCluster cluster = TestCluster.of(major)
                .with("ssl", "on")
                .with("ssl_ca_file", "ca.crt")
                .with("password_encryption", "scram-sha-256")
                .created();
        for (String file : List.of("ca.crt", "server.crt", "server.key")) {
            Path copy = Files.copy(keys.resolve(file), cluster.dataDirectory().resolve(file));
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
            cluster.cluster().user().own(copy);
        }
        Files.writeString(cluster.dataDirectory().resolve("pg_hba.conf"), ACCESS);
        cluster.start();
        cluster.execute("create role cert_user login; create role scram_user login password 'secret';"
                + " create role plain_user login password 'secret'");
        return cluster;
    }

    @AfterAll
    static void stopServers() throws Exception {
        newest.close();
        oldest.close();
    }

    private static ConnectionSettings settings(TestCluster cluster, String text) throws IOException {
        return ConnectionSettings.resolve(
                "port=" + cluster.port() + " dbname=postgres hostaddr=127.0.0.1 " + text,
                ConnectionEnvironment.of(Map.of(), keys.resolve("no home"), "postgres"));
    }

    private static String encryption(TestCluster cluster, String text) throws IOException {
        try (WireConnection connection = WireConnection.open(settings(cluster, text))) {
            return connection
                    .queryRows("select ssl::text || ' ' || coalesce(version, '') || ' ' || coalesce(client_dn, '') from"
                            + " pg_stat_ssl where pid = pg_backend_pid()")
                    .getFirst()
                    .string(0);
        }
    }

    private static void fails(TestCluster cluster, String text, String message) {
        assertThatThrownBy(() -> WireConnection.open(settings(cluster, text)).close())
                .hasMessageContaining(message);
    }

    private static String root(String name) {
        return " sslrootcert=" + keys.resolve(name);
    }

    @Test
    void checksTheServerAsFarAsTheModeAsks() throws Exception {
        for (TestCluster cluster : List.of(oldest, newest)) {
            String user = "user=postgres host=localhost sslmode=";
            assertThat(encryption(cluster, user + "verify-full" + root("ca.crt")))
                    .startsWith("true TLSv1.3");
            assertThat(encryption(cluster, user + "verify-ca" + root("ca.crt"))).startsWith("true TLSv1.");
            assertThat(encryption(cluster, user + "require")).startsWith("true TLSv1.");
            assertThat(encryption(cluster, user + "prefer")).startsWith("true TLSv1.");
            String elsewhere = "user=postgres host=elsewhere.example sslmode=";
            assertThat(encryption(cluster, elsewhere + "verify-ca" + root("ca.crt")))
                    .startsWith("true");
            fails(
                    cluster,
                    elsewhere + "verify-full" + root("ca.crt"),
                    "does not match host name \"elsewhere.example\"");
            fails(cluster, user + "verify-ca" + root("other.crt"), "certificate");
            fails(cluster, user + "verify-full" + root("absent.crt"), "absent.crt");
            fails(cluster, user + "disable", "no pg_hba.conf entry for host \"127.0.0.1\"");
        }
    }

    @Test
    void showsItsOwnCertificate() throws Exception {
        String own = " sslcert=" + keys.resolve("client.crt") + " sslkey=" + keys.resolve("client.key");
        for (TestCluster cluster : List.of(oldest, newest)) {
            assertThat(encryption(cluster, "user=cert_user host=localhost sslmode=verify-full" + root("ca.crt") + own))
                    .endsWith("/CN=cert_user");
            fails(
                    cluster,
                    "user=cert_user host=localhost sslmode=require",
                    "connection requires a valid client certificate");
            fails(
                    cluster,
                    "user=postgres host=localhost sslmode=require sslcert=" + keys.resolve("other.crt") + " sslkey="
                            + keys.resolve("other.key"),
                    "");
        }
    }

    @Test
    void bindsThePasswordToTheChannel() throws Exception {
        for (TestCluster cluster : List.of(oldest, newest)) {
            String user = "user=scram_user password=secret host=localhost sslmode=require channel_binding=";
            assertThat(encryption(cluster, user + "require")).startsWith("true");
            assertThat(encryption(cluster, user + "disable")).startsWith("true");
            fails(
                    cluster,
                    "user=postgres host=localhost sslmode=require channel_binding=require",
                    "channel binding required");
            fails(
                    cluster,
                    "user=plain_user password=secret host=localhost sslmode=disable channel_binding=require",
                    "channel binding");
            fails(
                    cluster,
                    "user=scram_user password=wrong host=localhost sslmode=require channel_binding=require",
                    "password authentication failed for user \"scram_user\"");
        }
    }

    @Test
    void beginsWithTlsAtOnceWhereTheServerCan() throws Exception {
        String direct = "user=postgres host=localhost sslmode=verify-full sslnegotiation=direct" + root("ca.crt");
        assertThat(encryption(newest, direct)).startsWith("true TLSv1.3");
        assertThatThrownBy(() -> encryption(oldest, direct)).isInstanceOf(WireException.class);
        fails(newest, "user=postgres host=localhost sslmode=prefer sslnegotiation=direct", "sslnegotiation");
    }

    @Test
    void replicatesOverTls() throws Exception {
        try (WireConnection connection = WireConnection.open(
                settings(newest, "user=postgres host=localhost sslmode=verify-full" + root("ca.crt")),
                SessionKind.PHYSICAL_REPLICATION,
                NoticeListener.none())) {
            assertThat(connection.queryRows("IDENTIFY_SYSTEM")).hasSize(1);
        }
    }

    @Test
    void goesOnToTheNextHostWhereOneCannotBeTrusted() throws Exception {
        ConnectionSettings two = ConnectionSettings.resolve(
                "host=elsewhere.example,localhost hostaddr=127.0.0.1,127.0.0.1 port=" + newest.port() + ","
                        + newest.port() + " user=postgres dbname=postgres sslmode=verify-full" + root("ca.crt"),
                ConnectionEnvironment.of(Map.of(), keys.resolve("no home"), "postgres"));
        try (WireConnection connection = WireConnection.open(two)) {
            assertThat(connection.server().description()).contains("localhost");
        }
    }
}
