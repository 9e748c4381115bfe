package org.pgark.physical.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** Standbys of real servers: they stream, take over, and are not left half made. */
class StandbyCreationTest {
    private static TestCluster shared;

    @BeforeAll
    static void startServer() throws Exception {
        shared = TestCluster.of(18)
                .walSegmentMegabytes(1)
                .with("max_wal_senders", "3")
                .started();
        Files.writeString(shared.dataDirectory().resolve("pg_hba.conf"), """
            local all all trust
            host all,replication guarded 127.0.0.1/32 scram-sha-256
            host replication stranger 127.0.0.1/32 reject
            host all,replication all 127.0.0.1/32 trust
            """);
        shared.reconfigure(Map.of());
        shared.execute("create table account as select n as id from generate_series(1, 1000) n");
        shared.execute("create role reader login; create role stranger login replication;"
                + " create role guarded login replication password 'right'");
    }

    @AfterAll
    static void stopServer() throws Exception {
        shared.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 17})
    void streamsFromThePrimaryAndTakesOver(int major) throws Exception {
        try (TestCluster primary = TestCluster.of(major).walSegmentMegabytes(1).started();
                StandbyScene scene = new StandbyScene(primary)) {
            primary.execute("create table account as select n as id from generate_series(1, 1000) n");
            StandbyState state = scene.creation(scene.request()).run().orElseThrow();
            assertThat(state.port()).isEqualTo(scene.port());
            assertThat(state.sender()).contains("127.0.0.1:" + primary.port());
            assertThat(state.lag()).isLessThan(1 << 20);
            assertThat(primary.query("select active::text || ' ' || (restart_lsn is not null)::text from"
                            + " pg_replication_slots where slot_name = 'standby'"))
                    .isEqualTo("true true");
            primary.execute("insert into account select 1001");
            Waiting.until(
                    "the standby has the row",
                    () -> scene.query("select count(*) from account").equals("1001"));
            primary.kill();
            scene.control("promote", "-w", "-s");
            scene.query("insert into account select 1002");
            assertThat(scene.query("select count(*) || ' ' || pg_is_in_recovery() from account"))
                    .isEqualTo("1002 false");
        }
    }

    @Test
    void makesAConfigurationWhereThePrimaryKeepsItsOwnElsewhere() throws Exception {
        try (TestCluster primary = TestCluster.of(16)
                        .walSegmentMegabytes(1)
                        .with("max_connections", "123")
                        .started();
                StandbyScene scene = new StandbyScene(primary)) {
            for (String name : List.of("postgresql.conf", "pg_hba.conf", "pg_ident.conf")) {
                Files.move(primary.dataDirectory().resolve(name), scene.folder.resolve(name));
            }
            // Without it the server would synchronise each file when it starts.
            StandbyState state;
            // Its process tells only once something was streamed.
            try (ScheduledExecutorService writes = Executors.newSingleThreadScheduledExecutor()) {
                var _ = writes.scheduleWithFixedDelay(() -> write(primary), 0, 200, TimeUnit.MILLISECONDS);
                state = scene.creation(scene.request("user=postgres", Map.of("fsync", "off")))
                        .run()
                        .orElseThrow();
                writes.shutdownNow();
            }
            // Nobody may ask it, so that its process told.
            assertThat(state.sender()).isEmpty();
            assertThat(Files.readString(scene.directory().resolve("postgresql.conf")))
                    .contains("max_connections = '123'\n");
            assertThat(scene.lines)
                    .anyMatch(line -> line.startsWith("warning: the primary keeps pg_hba.conf outside of its data"));
        }
    }

    private static void write(TestCluster primary) {
        try {
            primary.execute("select pg_create_restore_point('streamed')");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void leavesTheStartToTheUser() throws Exception {
        try (StandbyScene scene = new StandbyScene(shared)) {
            StandbyRequest usual = scene.request();
            StandbyRequest unstarted = new StandbyRequest(
                    usual.directory(), usual.primary(), Optional.empty(), usual.settings(), Optional.empty());
            assertThat(scene.creation(unstarted).run()).isEmpty();
            assertThat(scene.directory().resolve("standby.signal")).exists();
            assertThat(scene.directory().resolve("postmaster.pid")).doesNotExist();
            assertThat(Files.readString(scene.directory().resolve("postgresql.auto.conf")))
                    .contains("primary_conninfo = 'user=postgres host=127.0.0.1 port=" + shared.port() + "'\n")
                    .doesNotContain("primary_slot_name");
        }
    }

    private static <E extends OperationException> E failure(Class<E> kind, StandbyScene scene, StandbyRequest request)
            throws Exception {
        E failure = catchThrowableOfType(kind, () -> scene.creation(request).run());
        assertThat(failure).as("failure").isNotNull();
        return failure;
    }

    private static void changedNothing(StandbyScene scene) throws Exception {
        assertThat(scene.directory()).doesNotExist();
        assertThat(scene.slots()).isEmpty();
    }

    @Test
    void refusesADirectoryThatIsNotEmpty() throws Exception {
        try (StandbyScene scene = new StandbyScene(shared)) {
            Files.createDirectory(scene.directory());
            Files.createFile(scene.directory().resolve("something"));
            assertThat(failure(RefusedException.class, scene, scene.request()))
                    .hasMessage("directory \"" + scene.directory() + "\" is not empty");
            assertThat(scene.slots()).isEmpty();
            assertThat(scene.directory()).isDirectoryContaining("glob:**something");
        }
    }

    @Test
    void saysWhyThePrimaryDoesNotLetItIn() throws Exception {
        try (StandbyScene scene = new StandbyScene(shared)) {
            FailedException unprivileged =
                    failure(FailedException.class, scene, scene.request("user=reader", Map.of()));
            assertThat(unprivileged.code()).isEqualTo("no_replication_privilege");
            assertThat(unprivileged).hasMessageContaining("permission denied to start WAL sender");
            assertThat(unprivileged.hint())
                    .contains("\"ALTER ROLE reader REPLICATION\" on the server gives it the privilege.");
            FailedException wrong =
                    failure(FailedException.class, scene, scene.request("user=guarded password=wrong", Map.of()));
            assertThat(wrong.code()).isEqualTo("wrong_password");
            assertThat(wrong)
                    .hasMessage("connection to server at \"127.0.0.1\", port " + shared.port()
                            + " failed: FATAL:  password authentication failed for user \"guarded\"");
            assertThat(failure(FailedException.class, scene, scene.request("user=guarded", Map.of()))
                            .code())
                    .isEqualTo("password_missing");
            FailedException rejected = failure(FailedException.class, scene, scene.request("user=stranger", Map.of()));
            assertThat(rejected.code()).isEqualTo("access_denied");
            assertThat(rejected.hint())
                    .hasValueSatisfying(hint -> assertThat(hint).contains("host replication stranger ADDRESS"));
            changedNothing(scene);
        }
    }

    @Test
    void refusesWithoutServerProgramsOfTheRightVersion() throws Exception {
        try (StandbyScene scene = new StandbyScene(shared)) {
            Path other = org.pgark.embedded.EmbeddedServers.ofThisBuild()
                    .installation(17)
                    .bin();
            StandbyRequest usual = scene.request();
            RefusedException refused =
                    failure(RefusedException.class, scene, started(usual, other, Duration.ofSeconds(9)));
            assertThat(refused)
                    .hasMessage(
                            "no server programs of PostgreSQL 18 found; looked in " + other + " (of PostgreSQL 17)");
            assertThat(failure(RefusedException.class, scene, started(usual, scene.folder, Duration.ofSeconds(9))))
                    .hasMessage("no server programs of PostgreSQL 18 found; looked in " + scene.folder);
            changedNothing(scene);
        }
    }

    private static StandbyRequest started(StandbyRequest usual, Path bin, Duration patience) {
        return new StandbyRequest(
                usual.directory(),
                usual.primary(),
                usual.slot(),
                usual.settings(),
                Optional.of(new StandbyRequest.Start(
                        Optional.of(bin), "", usual.start().orElseThrow().runsAs(), patience)));
    }

    @Test
    void takesNoSlotThatIsThere() throws Exception {
        try (StandbyScene scene = new StandbyScene(shared)) {
            shared.execute("select pg_create_physical_replication_slot('standby')");
            try {
                FailedException refused = failure(FailedException.class, scene, scene.request());
                assertThat(refused.code()).isEqualTo("slot_exists");
                assertThat(refused).hasMessageContaining("replication slot \"standby\" already exists");
                assertThat(scene.directory()).doesNotExist();
                assertThat(scene.slots()).isEqualTo("standby");
            } finally {
                shared.execute("select pg_drop_replication_slot('standby')");
            }
        }
    }

    @Test
    void leavesNothingOfABackupThatFails() throws Exception {
        try (StandbyScene scene = new StandbyScene(shared);
                StandbyScene first = new StandbyScene(shared)) {
            // The standby that is there takes one of the three senders, this base backup two, and the last is missing.
            StandbyRequest usual = first.request();
            first.creation(new StandbyRequest(
                            usual.directory(), usual.primary(), Optional.empty(), usual.settings(), usual.start()))
                    .run();
            try (var taken = org.pgark.postgres.wire.WireConnection.open(
                    usual.primary(),
                    org.pgark.postgres.wire.SessionKind.PHYSICAL_REPLICATION,
                    org.pgark.postgres.wire.NoticeListener.none())) {
                assertThat(taken.isClosed()).isFalse();
                FailedException failed = failure(FailedException.class, scene, scene.request());
                assertThat(failed.code()).isEqualTo("too_many_connections");
                assertThat(failed)
                        .hasMessageContaining(
                                "number of requested standby connections exceeds \"max_wal_senders\" (currently 3)");
                assertThat(failed.hint())
                        .contains("Raise max_wal_senders on the server, which needs a restart, or end a replication"
                                + " connection.");
            }
            Waiting.until("the slot is gone", () -> scene.slots().isEmpty());
            changedNothing(scene);
        }
    }

    @Test
    void saysThatThePrimaryAllowsNoReplication() throws Exception {
        try (TestCluster minimal = TestCluster.of(15)
                        .with("wal_level", "minimal")
                        .with("max_wal_senders", "0")
                        .started();
                StandbyScene scene = new StandbyScene(minimal)) {
            FailedException refused = failure(FailedException.class, scene, scene.request());
            assertThat(refused.code()).isEqualTo("replication_off");
            assertThat(refused).hasMessageContaining("exceeds max_wal_senders (currently 0)");
            changedNothing(scene);
        }
    }

    @Test
    void saysWhatTheServerThatDoesNotStartComplainsOf() throws Exception {
        try (StandbyScene scene = new StandbyScene(shared)) {
            FailedException failed = failure(
                    FailedException.class,
                    scene,
                    scene.request("user=postgres", Map.of("port", Integer.toString(shared.port()))));
            assertThat(failed).hasMessageStartingWith("the standby's server did not start: FATAL:  ");
            assertThat(scene.directory().resolve("standby.signal")).exists();
            assertThat(scene.slots()).isEqualTo("standby");
            shared.execute("select pg_drop_replication_slot('standby')");
        }
    }
}
