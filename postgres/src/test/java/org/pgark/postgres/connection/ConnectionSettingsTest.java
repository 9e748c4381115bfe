package org.pgark.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionSettingsTest {
    @TempDir
    private Path folder;

    private Path home;
    private Path sockets;
    private Path system;
    private final Map<String, String> variables = new HashMap<>();

    @BeforeEach
    void makeFolders() throws IOException {
        home = Files.createDirectory(folder.resolve("home"));
        sockets = Files.createDirectory(folder.resolve("sockets"));
        system = Files.createDirectory(folder.resolve("system"));
    }

    private ConnectionSettings resolve(String text) throws InvalidConnectionSettingsException {
        return ConnectionSettings.resolve(
                text,
                new ConnectionEnvironment(
                        variables, home, "ann", List.of(folder.resolve("none"), sockets), List.of(system)));
    }

    @Test
    void takesTheUsersOwnDatabaseAtTheUsualSocketWhereNothingIsSaid() throws Exception {
        ConnectionSettings settings = resolve("");
        assertThat(settings.servers()).containsExactly(new ServerAddress.UnixSocket(sockets, 5432));
        assertThat(settings.user()).isEqualTo("ann");
        assertThat(settings.database()).isEqualTo("ann");
        assertThat(settings.applicationName()).isEqualTo("pgark");
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void prefersTheUsualFolderThatHasASocketOfThePort() throws Exception {
        Path second = Files.createDirectory(folder.resolve("second"));
        Files.createFile(second.resolve(".s.PGSQL.5433"));
        ConnectionSettings settings = ConnectionSettings.resolve(
                "port=5433", new ConnectionEnvironment(Map.of(), home, "ann", List.of(sockets, second), List.of()));
        assertThat(settings.servers()).containsExactly(new ServerAddress.UnixSocket(second, 5433));
    }

    @Test
    void putsTheStringBeforeTheServiceBeforeTheVariablesBeforeTheDefaults() throws Exception {
        Files.writeString(home.resolve(".pg_service.conf"), """
                # services
                [other]
                host=wrong

                [main]
                host=from-service
                port=1111
                user=from-service
                user=said twice
                """);
        variables.put("PGHOST", "from-variable");
        variables.put("PGPORT", "2222");
        variables.put("PGUSER", "from-variable");
        variables.put("PGDATABASE", "from-variable");
        ConnectionSettings settings = resolve("service=main host=from-string");
        assertThat(settings)
                .hasToString("host \"from-string\", port 1111 (user \"from-service\", database \"from-variable\")");
    }

    @Test
    void findsTheServiceOfAVariableInTheSystemsFile() throws Exception {
        Files.writeString(home.resolve(".pg_service.conf"), "[other]\nhost=wrong\n");
        Files.writeString(system.resolve("pg_service.conf"), "[main]\nhost=db9\n");
        variables.put("PGSERVICE", "main");
        assertThat(resolve("").servers()).containsExactly(new ServerAddress.Tcp("db9", "db9", 5432));
    }

    @Test
    void findsTheServiceInTheFolderThatAVariableNames() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("pg_service.conf"), "[main]\nhost=db9\n");
        variables.put("PGSYSCONFDIR", elsewhere.toString());
        assertThat(resolve("service=main").servers()).containsExactly(new ServerAddress.Tcp("db9", "db9", 5432));
    }

    @Test
    void namesAServiceOrAServiceFileThatIsNotThere() {
        assertThatThrownBy(() -> resolve("service=main")).hasMessage("definition of service \"main\" not found");
        variables.put("PGSERVICEFILE", "/nowhere/services");
        assertThatThrownBy(() -> resolve("service=main")).hasMessage("service file \"/nowhere/services\" not found");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            port           | syntax error in service file "%s", line 2, must be "keyword=value"
            prot=1         | invalid connection option "prot" in service file "%s", line 2
            service=other  | nested "service" specifications not supported in service file "%s", line 2
            ldap://x       | LDAP lookup is not supported in service file "%s", line 2
            """)
    void namesTheLineOfAServiceFileThatCannotBeFollowed(String line, String message) throws Exception {
        Path file = Files.writeString(home.resolve(".pg_service.conf"), "[main]\n" + line + "\n");
        assertThatThrownBy(() -> resolve("service=main")).hasMessage(message.formatted(file));
    }

    @Test
    void pairsHostsAddressesAndPorts() throws Exception {
        assertThat(resolve("host=a,b,/run/pg port=1,,3").servers())
                .containsExactly(
                        new ServerAddress.Tcp("a", "a", 1),
                        new ServerAddress.Tcp("b", "b", 5432),
                        new ServerAddress.UnixSocket(Path.of("/run/pg"), 3));
        assertThat(resolve("host=a,b hostaddr=10.0.0.1,::1 port=7").servers())
                .containsExactly(new ServerAddress.Tcp("a", "10.0.0.1", 7), new ServerAddress.Tcp("b", "::1", 7));
        assertThat(resolve("hostaddr=10.0.0.1").servers())
                .containsExactly(new ServerAddress.Tcp("10.0.0.1", "10.0.0.1", 5432));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            host=a,b,c port=1,2           | could not match 2 port numbers to 3 hosts
            host=a,b hostaddr=1.1.1.1     | could not match 2 host names to 1 hostaddr values
            hostaddr=db1                  | could not parse network address "db1"
            port=0                        | invalid port number: "0"
            port=70000                    | invalid port number: "70000"
            port=x                        | invalid integer value "x" for connection option "port"
            host=@abstract                | abstract Unix socket "@abstract" is not supported
            sslmode=on                    | invalid sslmode value: "on"
            target_session_attrs=master   | invalid target_session_attrs value: "master"
            connect_timeout=soon          | invalid integer value "soon" for connection option "connect_timeout"
            sslcrl=/etc/crl               | connection option "sslcrl" is not supported
            ssl_min_protocol_version=TLSv1.3 | connection option "ssl_min_protocol_version" is not supported
            sslnegotiation=direct         | weak sslmode "prefer" may not be used with sslnegotiation=direct
            """)
    void refusesValuesThatCannotBeFollowed(String text, String message) {
        assertThatThrownBy(() -> resolve(text))
                .isInstanceOf(InvalidConnectionSettingsException.class)
                .hasMessage(message);
    }

    @Test
    void refusesASocketWhosePathTheSystemCannotTake() {
        String longFolder = "/" + "x".repeat(100);
        assertThatThrownBy(() -> resolve("host=" + longFolder))
                .hasMessage("Unix socket path \"" + longFolder + "/.s.PGSQL.5432\" is too long (maximum 107 bytes)");
    }

    @Test
    void takesOptionsThatChangeNothing() throws Exception {
        assertThat(resolve("sslcompression=1 client_encoding=auto ssl_min_protocol_version=TLSv1.2 gssdelegation=0")
                        .user())
                .isEqualTo("ann");
    }

    @Test
    void readsTimeoutsAndNames() throws Exception {
        variables.put("PGCONNECT_TIMEOUT", "7");
        variables.put("PGAPPNAME", "nightly");
        assertThat(resolve("").connectTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(resolve("connect_timeout=-1").connectTimeout()).isZero();
        assertThat(resolve("").withApplicationNameIfNone("pgark backup").applicationName())
                .isEqualTo("nightly");
        variables.remove("PGAPPNAME");
        assertThat(resolve("").withApplicationNameIfNone("pgark backup").applicationName())
                .isEqualTo("pgark backup");
    }

    @Test
    void findsThePasswordOfEachServerInThePassFile() throws Exception {
        writePassFile("""
                # comment
                db1:5432:app:ann:one
                localhost:*:*:ann:of the usual socket
                /run/pg:*:*:*:of this socket
                db\\:2:*:*:*:with\\:colon and \\\\
                *:*:other:*:any host
                """, "rw-------");
        assertThat(password("host=db1 dbname=app")).contains("one");
        assertThat(password("host=db1 dbname=another")).isEmpty();
        assertThat(password("host=db1 dbname=another", "other")).contains("any host");
        assertThat(password("")).contains("of the usual socket");
        assertThat(password("host=/run/pg")).contains("of this socket");
        assertThat(password("host=db:2")).contains("with:colon and \\");
        assertThat(password("host=db1 dbname=app password=said")).contains("said");
        variables.put("PGPASSWORD", "of the variable");
        assertThat(password("host=db1 dbname=app")).contains("of the variable");
    }

    private Optional<String> password(String text) throws InvalidConnectionSettingsException {
        ConnectionSettings settings = resolve(text);
        return settings.password(settings.servers().getFirst()).map(Password::value);
    }

    private Optional<String> password(String text, String database) throws InvalidConnectionSettingsException {
        ConnectionSettings settings = resolve(text).withDatabase(database);
        return settings.password(settings.servers().getFirst()).map(Password::value);
    }

    @Test
    void refusesAPassFileThatOthersMayRead() throws Exception {
        Path file = writePassFile("*:*:*:*:secret\n", "rw-r-----");
        assertThatThrownBy(() -> resolve(""))
                .isInstanceOfSatisfying(
                        InvalidConnectionSettingsException.class,
                        e -> assertThat(e.hint()).contains("Run \"chmod 0600 " + file + "\"."))
                .hasMessage("password file \"" + file + "\" has group or world access, must be u=rw (0600) or less");
        assertThat(resolve("password=said").user()).isEqualTo("ann");
    }

    @Test
    void ignoresAPassFileThatIsNoPlainFile() throws Exception {
        variables.put("PGPASSFILE", "/dev/null");
        writePassFile("*:*:*:*:secret\n", "rw-r--r--");
        assertThat(password("")).isEmpty();
    }

    private Path writePassFile(String text, String mode) throws IOException {
        Path file = Files.writeString(home.resolve(".pgpass"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void neverShowsAPassword() throws Exception {
        variables.put("PGPASSWORD", "geheim");
        ConnectionSettings settings = resolve("host=db1 sslpassword=geheim");
        assertThat(settings.toString()).doesNotContain("geheim");
        assertThat(DriverProperties.of(settings, settings.servers().getFirst()).toString())
                .doesNotContain("geheim");
        assertThat(new Password("geheim").toString()).doesNotContain("geheim");
        assertThat(new ConnectionEnvironment(variables, home, "ann", List.of(), List.of()).toString())
                .doesNotContain("geheim");
    }

    @Test
    void wantsARootCertificateToVerify() throws Exception {
        ConnectionSettings settings = resolve("host=db1 sslmode=verify-full");
        assertThatThrownBy(
                        () -> DriverProperties.of(settings, settings.servers().getFirst()))
                .hasMessage("root certificate file \"" + home + "/.postgresql/root.crt\" does not exist");
        ConnectionSettings weak = resolve("host=db1 sslmode=require sslrootcert=system");
        assertThatThrownBy(() -> DriverProperties.of(weak, weak.servers().getFirst()))
                .hasMessage("weak sslmode \"require\" may not be used with sslrootcert=system");
    }

    @Test
    void verifiesByTheRootCertificateInTheHomeFolder() throws Exception {
        Path root = Files.createDirectories(home.resolve(".postgresql")).resolve("root.crt");
        Files.createFile(root);
        ConnectionSettings settings = resolve("host=db1 sslmode=require");
        assertThat(DriverProperties.of(settings, settings.servers().getFirst()).values())
                .containsEntry("sslmode", "verify-ca")
                .containsEntry("sslrootcert", root.toString());
    }

    @Test
    void takesAnApplicationNameWhereNothingAtAllIsSaid() throws InvalidConnectionSettingsException {
        variables.clear();

        assertThat(resolve("").withApplicationNameIfNone("pgark").applicationName())
                .isEqualTo("pgark");
    }
}
