package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.testkit.FaultProxy;
import org.pgark.testkit.S3Proxy;

/** A service that ignores the condition that a name is free. */
class SingleWriterCommandsTest {
    @TempDir
    private Path folder;

    private CommandResult run(String... words) {
        return CommandResult.of(folder, words);
    }

    private CommandResult init(String cluster, String... more) {
        String[] words = {
            "init", "--cluster", cluster, "--pgdata", folder.resolve("data").toString()
        };
        String[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        return run(all);
    }

    private void configure(FaultProxy proxy, String cluster, String prefix) throws IOException {
        Files.writeString(folder.resolve("secret"), S3Proxy.SECRET_KEY + "\n");
        Path file = folder.resolve("pgark.toml");
        Files.writeString(file, """
            [repository.main]
            url = "s3://bucket/%s"
            endpoint = "http://127.0.0.1:%d"
            path-style = true
            access-key-id = "%s"
            secret-access-key-file = "%s/secret"
            [cluster.%s]
            pgdata = "%s/data"
            repository = "main"
            """.formatted(prefix, proxy.port(), S3Proxy.ACCESS_KEY, folder, cluster, folder));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** As if this were another host. */
    private static void forgetWhoWrites(String repository) throws IOException {
        Files.delete(
                SeenLogs.state(System.getenv(), ConnectionEnvironment.current().home())
                        .resolve("writers")
                        .resolve(repository));
    }

    @Test
    void itsRepositoriesHaveOneWriter() throws Exception {
        SampleRepository.make(folder, InstantSource.system(), new SecureRandom());
        Path data = Files.createDirectories(folder.resolve("data/global"));
        Files.write(data.resolve("pg_control"), SampleData.controlFile());
        Files.writeString(data.resolveSibling("PG_VERSION"), "18\n");
        try (S3Proxy service = S3Proxy.startTrusting(folder.resolve("service"), "bucket");
                FaultProxy proxy = FaultProxy.start(service.port())) {
            configure(proxy, "many", "many");
            init("many").mustEndWith(0);
            proxy.condition(FaultProxy.Condition.IGNORED);
            assertThat(run("check", "--repository", "--size", "1")
                            .mustEndWith(1)
                            .output())
                    .contains("failed   conditional create a name that is taken is not refused: a repository there can"
                            + " only have one writer, and the one that is there was made for several\n");

            configure(proxy, "main", "single");
            assertThat(run("check", "--repository", "--size", "1")
                            .mustEndWith(0)
                            .output())
                    .contains(
                            "warning  conditional create a name that is taken is not refused: ",
                            "HINT: \"pgark init\" makes one that knows its writer and refuses others.\n");
            assertThat(init("main").mustEndWith(0).output())
                    .contains(
                            "made repository s3://bucket/single\n"
                                    + "NOTE: s3://bucket/single does not refuse names that are taken, so this repository can only"
                                    + " have one writer:\n"
                                    + "      this user on this host. Others can restore from it; what else they try is refused.\n");
            assertThat(run("check").output()).contains("warning  writers            only this user on this host: ");

            forgetWhoWrites(idOf("single"));
            assertThat(run("check").output()).contains("failed   writers            only another user or host: ");
            configure(proxy, "second", "single");
            assertThat(init("second").mustEndWith(4).errors())
                    .isEqualTo(
                            "pgark: error: the repository in s3://bucket/single can only have one writer, which is not"
                                    + " this host and user\nHINT: Stop the other writer for good, then run \"pgark init"
                                    + " --take-over\" here.\n");
            assertThat(init("second", "--take-over").mustEndWith(0).output())
                    .contains(
                            "this user on this host is the only writer of s3://bucket/single from now on\n",
                            "registered cluster second (");
        }
    }

    private String idOf(String prefix) throws IOException {
        String object = Files.readString(
                folder.resolve("service/buckets/bucket").resolve(prefix).resolve("repository"));
        return object.replaceAll("(?s).*\"repository_id\":\"([0-9a-f]+)\".*", "$1");
    }
}
