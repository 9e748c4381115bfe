package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.embedded.Cluster;
import org.pgark.testkit.FaultProxy;
import org.pgark.testkit.S3Proxy;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** {@code wal receive} of a cluster that is kept in a local directory and in an object service, one of them away. */
class ReceiveIntoSeveralTest {
    private static final int FORBIDDEN = 403;
    /** Between two comparisons of the repositories there are 30 seconds. */
    private static final Duration TILL_FILLED = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private TestCluster server;
    private S3Proxy service;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        server = TestCluster.of(18)
                .walSegmentMegabytes(1)
                .with("autovacuum", "off")
                .started();
        service = S3Proxy.start(folder.resolve("service"), "bucket");
        proxy = FaultProxy.start(service.port());
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        service.close();
        server.close();
    }

    private void configure(String requirement) throws Exception {
        Files.writeString(folder.resolve("secret"), S3Proxy.SECRET_KEY + "\n");
        Path file = folder.resolve("pgark.toml");
        Files.writeString(file, """
            [repository.near]
            url = "file:%1$s/near"
            [repository.far]
            url = "s3://bucket/far"
            endpoint = "http://127.0.0.1:%2$d"
            path-style = true
            access-key-id = "%3$s"
            secret-access-key-file = "%1$s/secret"
            [cluster.main]
            pgdata = "%4$s"
            connection = "host=%5$s port=%6$d user=%7$s dbname=postgres"
            repository = ["near", "far"]
            require = "%8$s"
            receive.directory = "%1$s/received"
            receive.slot = "receiver"
            receive.save-interval = "1s"
            """.formatted(
                        folder,
                        proxy.port(),
                        S3Proxy.ACCESS_KEY,
                        server.dataDirectory(),
                        server.socketDirectory(),
                        server.port(),
                        server.query("select current_user"),
                        requirement));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        CommandResult.of(
                        folder,
                        "init",
                        "--cluster",
                        "main",
                        "--pgdata",
                        server.dataDirectory().toString())
                .mustEndWith(0);
    }

    private static Set<String> segments(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(place)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("[0-9A-F]{24}"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Path near() {
        return folder.resolve("near");
    }

    private Path far() {
        return folder.resolve("service/buckets/bucket/far");
    }

    private Path received() {
        return folder.resolve("received");
    }

    private FutureTask<CommandResult> receiving(String... until) {
        Callable<CommandResult> command = () -> CommandResult.of(
                folder,
                Stream.concat(Stream.of("wal", "receive", "--create-slot"), Stream.of(until))
                        .toArray(String[]::new));
        FutureTask<CommandResult> running = new FutureTask<>(command);
        Thread.ofPlatform().daemon().start(running);
        return running;
    }

    /** Where the server's WAL will end after so many segments more. */
    private String afterSegments(int more) throws SQLException {
        return server.query("select pg_current_wal_insert_lsn() + " + more + " * 1048576::numeric");
    }

    private Set<String> written(int segments) throws Exception {
        Set<String> names = new TreeSet<>();
        for (int number = 0; number < segments; number++) {
            names.add(server.switchWal());
        }
        return names;
    }

    private void await(Path place, Set<String> names) throws Exception {
        Waiting.until(
                place + " has " + names, TILL_FILLED, () -> segments(place).containsAll(names));
    }

    private void awaitStreaming() throws Exception {
        Waiting.until(
                "the receiver streams",
                Cluster.PATIENCE,
                () -> server.query("select count(*) from pg_stat_replication where state = 'streaming'")
                        .equals("1"));
    }

    @Test
    void whatAllMustHaveStaysInTheDirectoryUntilTheLastOneIsBack() throws Exception {
        configure("all");
        String end = afterSegments(6);
        proxy.answerAfter(0, FORBIDDEN, Integer.MAX_VALUE);
        FutureTask<CommandResult> receiver = receiving("--until", end);
        awaitStreaming();
        Set<String> first = written(3);
        await(near(), first);
        assertThat(segments(received())).containsAll(first);
        assertThat(segments(far())).doesNotContainAnyElementsOf(first);

        proxy.calm();
        await(far(), first);
        written(4);
        CommandResult result = receiver.get().mustEndWith(0);
        assertThat(result.errors()).contains("pgark: warning: WAL cannot be brought into repository \"far\": ");
        assertThat(segments(near())).isEqualTo(segments(far())).containsAll(first);
        assertThat(segments(received())).doesNotContainAnyElementsOf(first);
    }

    @Test
    void whereAnyWillDoTheNearestMayBeAwayFromTheStart() throws Exception {
        configure("any");
        anyWhileTheNearestIsAway();
        CommandResult.of(folder, "wal", "fill").mustEndWith(0);
        assertThat(segments(near())).isEqualTo(segments(far()));
    }

    private void anyWhileTheNearestIsAway() throws Exception {
        Path gone = Files.move(near(), folder.resolve("gone"));
        FutureTask<CommandResult> receiver = receiving("--flush", "repository", "--until", afterSegments(4));
        awaitStreaming();
        Set<String> names = written(5);
        CommandResult result = receiver.get().mustEndWith(0);
        assertThat(result.errors()).contains("repository \"near\" does not answer: ");
        assertThat(segments(far())).containsAll(names.stream().limit(3).toList());
        assertThat(segments(near())).isEmpty();
        Files.move(gone, near());
    }

    @Test
    @Tag("slow")
    void whatOneMissedIsFilledUpByTheReceiver() throws Exception {
        configure("any");
        anyWhileTheNearestIsAway();
        FutureTask<CommandResult> receiver = receiving("--until", afterSegments(3));
        awaitStreaming();
        await(near(), segments(far()));
        written(4);
        receiver.get().mustEndWith(0);
        assertThat(segments(near())).containsAll(segments(far()));
    }
}
