package org.pgark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterTest {
    @TempDir
    private static Path home;

    private static Cluster cluster;

    @BeforeAll
    static void makeACluster() throws Exception {
        cluster = Cluster.create(
                EmbeddedServers.ofThisBuild().installation(17),
                home,
                ClusterOptions.DEFAULT
                        .withChecksums(false)
                        .withWalSegmentMegabytes(64)
                        .with("cluster_name", "it's a \\ name"));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void takesItsOptions() throws Exception {
        cluster.start();

        assertThat(show("data_checksums")).isEqualTo("off");
        assertThat(show("wal_segment_size")).isEqualTo("64MB");
        assertThat(show("cluster_name")).isEqualTo("it's a \\ name");
        assertThat(cluster.socketDirectory().resolve(".s.PGSQL." + cluster.port()))
                .exists();
        cluster.stop(StopMode.FAST);
        assertThat(cluster.running()).isFalse();
        assertThat(cluster.logTail(1)).endsWith("LOG:  database system is shut down");
    }

    @Test
    void findsAnotherPortIfItsOwnIsTakenMeanwhile() throws Exception {
        int taken = cluster.port();
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), taken));
            cluster.start();
        }

        assertThat(cluster.port()).isNotEqualTo(taken);
        assertThat(show("port")).isEqualTo(Integer.toString(cluster.port()));
        cluster.stop(StopMode.IMMEDIATE);
    }

    @Test
    void saysWithTheLogWhyAServerDoesNotStart() throws Exception {
        Path configuration = cluster.dataDirectory().resolve("postgresql.conf");
        String before = Files.readString(configuration);
        cluster.configure(Map.of("shared_buffers", "many"));

        assertThatThrownBy(cluster::start)
                .isInstanceOf(ServerException.class)
                .hasMessageStartingWith("the server of \"" + cluster.dataDirectory()
                        + "\" did not accept connections: it ended with exit status 1\n")
                .hasMessageContaining("invalid value for parameter \"shared_buffers\": \"many\"");
        Files.writeString(configuration, before);
    }

    @Test
    void tellsHowAServerEndedThatWasLaunched() throws Exception {
        cluster.launch();
        cluster.awaitPrimary(Cluster.PATIENCE);
        assertThatThrownBy(cluster::launch)
                .hasMessage("the server of \"" + cluster.dataDirectory() + "\" runs already");

        assertThat(cluster.postmaster().destroy()).isTrue();

        assertThat(cluster.awaitEnd(Cluster.PATIENCE)).isZero();
        assertThat(cluster.running()).isFalse();
    }

    @Test
    void thawsWhatItFroze() throws Exception {
        cluster.start();
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 300);
            try (ProcessTree frozen = ProcessTree.frozen(cluster.postmaster())) {
                assertThat(frozen.members()).hasSizeGreaterThan(4);
                assertThatThrownBy(() -> statement.executeQuery("select 1")).hasMessageContaining("I/O error");
            }
        }
        assertThat(show("port")).isEqualTo(Integer.toString(cluster.port()));
        cluster.stop(StopMode.FAST);
    }

    @Test
    void leavesNoSharedMemoryOfAKilledServerBehind() throws Exception {
        String segment;
        try (Cluster killed = Cluster.create(
                EmbeddedServers.ofThisBuild().installation(13), home.resolve("other"), ClusterOptions.DEFAULT)) {
            killed.start();
            Path postmasterPid = killed.dataDirectory().resolve("postmaster.pid");
            segment = Files.readAllLines(postmasterPid).get(6).strip().split(" +", -1)[1];
            assertThat(sharedMemory()).contains(segment);
            killed.kill();
        }

        assertThat(sharedMemory()).doesNotContain(segment);
    }

    @Test
    void noServerOutlivesAJvmThatIsKilled(@TempDir Path folder) throws Exception {
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-D" + EmbeddedServers.FOLDER_PROPERTY + "="
                                + System.getProperty(EmbeddedServers.FOLDER_PROPERTY),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Serving.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = jvm.inputReader()) {
            ProcessHandle postmaster =
                    ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            Path sockets = Path.of(output.readLine());
            assertThat(sockets).isNotEmptyDirectory();

            jvm.destroyForcibly().waitFor();

            postmaster.onExit().get(10, TimeUnit.SECONDS);
            for (int tries = 0; Files.exists(sockets) && tries < 100; tries++) {
                Thread.sleep(20);
            }
            assertThat(sockets).doesNotExist();
        }
    }

    /** What {@link #noServerOutlivesAJvmThatIsKilled} kills. */
    static final class Serving {
        private Serving() {}

        public static void main(String[] arguments) throws Exception {
            Cluster served = Cluster.create(
                    EmbeddedServers.ofThisBuild().installation(14), Path.of(arguments[0]), ClusterOptions.DEFAULT);
            served.start();
            System.out.println(served.postmaster().pid());
            System.out.println(served.socketDirectory());
            Thread.sleep(Duration.ofMinutes(1));
        }
    }

    /** The ids of the System V segments of this machine. */
    private static List<String> sharedMemory() throws Exception {
        return Files.readAllLines(Path.of("/proc/sysvipc/shm")).stream()
                .skip(1)
                .map(line -> line.strip().split(" +", -1)[1])
                .toList();
    }

    private static String show(String setting) throws Exception {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("select current_setting('" + setting + "')")) {
            answer.next();
            return answer.getString(1);
        }
    }
}
