package org.pgark.physical.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.datadir.PostmasterPid;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.ClusterId;
import org.pgark.repository.Incarnation;
import org.pgark.testkit.TestCluster;

/** What a backup refuses, with a real data directory and servers that say this and that of themselves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupChecksTest {
    private static final Optional<Path> ELSEWHERE = Optional.empty();

    private final TestCluster cluster;
    private final ControlFile control;
    private final Instant startTime;
    private final Incarnation incarnation;

    @TempDir
    private Path folder;

    BackupChecksTest() throws Exception {
        cluster = TestCluster.of(18).started();
        startTime = PostmasterPid.read(cluster.dataDirectory()).orElseThrow().startTime();
        control = ControlFile.read(cluster.dataDirectory());
        incarnation = incarnation(control.systemIdentifier());
    }

    @AfterAll
    void remove() throws Exception {
        cluster.close();
    }

    private Incarnation incarnation(SystemIdentifier identifier) {
        return new Incarnation(
                new ClusterId("0123456789abcdef"),
                "main",
                identifier,
                control.major(),
                WalSegmentSize.DEFAULT,
                Instant.EPOCH);
    }

    private SourceServer server(boolean inRecovery, String walLevel, String archiveMode, String archiveCommand) {
        return new SourceServer(
                "18.1",
                control.systemIdentifier(),
                inRecovery,
                cluster.dataDirectory(),
                walLevel,
                archiveMode,
                archiveCommand,
                "",
                List.of(),
                startTime,
                Instant.EPOCH);
    }

    private ControlFile check(SourceServer server) throws Exception {
        return new BackupChecks(server, cluster.dataDirectory()).passed(incarnation, ELSEWHERE);
    }

    private void refused(SourceServer server, String message) {
        assertThatThrownBy(() -> check(server))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refusal -> assertThat(refusal.hint()).isPresent())
                .hasMessage(message);
    }

    @Test
    void passesAPrimaryThatArchives() throws Exception {
        assertThat(check(server(false, "replica", "on", "true"))).isEqualTo(control);
        assertThat(check(server(false, "logical", "always", "true"))).isEqualTo(control);
    }

    @Test
    void refusesAConnectionThatLeadsToTheStandbyOfTheServer() {
        refused(
                server(true, "replica", "off", "(disabled)"),
                "the connection does not lead to the server of the data directory: the server in \""
                        + cluster.dataDirectory() + "\" is in production");
    }

    @Test
    void refusesAConnectionThatLeadsToAnotherHost() throws Exception {
        Instant later = startTime.plusSeconds(60);
        assertThatThrownBy(() -> new LocalServer(cluster.dataDirectory(), later, false).require(control))
                .isInstanceOf(RefusedException.class)
                .hasMessage("the connection does not lead to the server of the data directory: the server in \""
                        + cluster.dataDirectory() + "\" started at " + startTime
                        + ", but the connection's server at " + later);
        Path empty = Files.createDirectory(folder.resolve("copy"));
        assertThatThrownBy(() -> new LocalServer(empty, startTime, false).requireStill(control))
                .isInstanceOfSatisfying(
                        FailedException.class,
                        failure -> assertThat(failure.code()).isEqualTo("other_server"))
                .hasMessage("the connection does not lead to the server of the data directory: no server runs in \""
                        + empty + "\" on this host");
    }

    @Test
    void refusesAServerThatDoesNotArchive() {
        refused(
                server(false, "minimal", "off", "(disabled)"),
                "wal_level is \"minimal\", which does not keep what a backup needs");
        refused(
                server(false, "replica", "off", "(disabled)"),
                "archive_mode is \"off\", so that no WAL reaches the repository");
        refused(server(false, "replica", "on", ""), "archive_command is empty, so that no WAL reaches the repository");
    }

    @Test
    void refusesADirectoryThatIsNotThere() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> new BackupChecks(server(false, "replica", "on", "true"), missing)
                        .passed(incarnation, ELSEWHERE))
                .isInstanceOf(RefusedException.class)
                .hasMessage("data directory \"" + missing + "\" does not exist on this host");
    }

    @Test
    void refusesADirectoryThatWasReplacedUnderTheServer() {
        SourceServer right = server(false, "replica", "on", "true");
        SourceServer other = new SourceServer(
                right.version(),
                new SystemIdentifier(7),
                false,
                right.dataDirectory(),
                "replica",
                "on",
                "true",
                "",
                List.of(),
                startTime,
                Instant.EPOCH);
        refused(
                other,
                "data directory \"" + cluster.dataDirectory() + "\" has system identifier " + control.systemIdentifier()
                        + ", but the connection's server has 7");
    }

    @Test
    void refusesAClusterThatWasInitialisedAnew() {
        assertThatThrownBy(() -> new BackupChecks(server(false, "replica", "on", "true"), cluster.dataDirectory())
                        .passed(incarnation(new SystemIdentifier(42)), ELSEWHERE))
                .isInstanceOf(RefusedException.class)
                .hasMessage("cluster \"main\" is known with system identifier 42, but the server has "
                        + control.systemIdentifier());
    }

    @Test
    void refusesARepositoryInsideTheDataDirectory() {
        Path inside = cluster.dataDirectory().resolve("base");
        assertThatThrownBy(() -> new BackupChecks(server(false, "replica", "on", "true"), cluster.dataDirectory())
                        .passed(incarnation, Optional.of(inside)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("repository \"" + inside + "\" lies inside the data directory \"" + cluster.dataDirectory()
                        + "\"");
    }
}
