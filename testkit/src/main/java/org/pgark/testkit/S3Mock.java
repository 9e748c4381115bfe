package org.pgark.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An S3 service of this host: Adobe's S3Mock in a process of its own. It keeps versions, tags and locks of objects; it looks
 * at no credentials, and does not keep anybody from removing what is locked. Takes seconds to start.
 */
public final class S3Mock implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final ServiceProcess process;

    private S3Mock(ServiceProcess process) {
        this.process = process;
    }

    /** The program, which the build fetches with {@code -Pslow}; empty if it has not. */
    public static Optional<Path> program() throws IOException {
        Path folder = Path.of(System.getProperty("pgark.emulators", "../emulators/target"), "s3mock");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith("-exec.jar")).findFirst();
        }
    }

    /** Starts a service without any bucket, which keeps its objects in {@code folder}. */
    public static S3Mock start(Path program, Path folder) throws IOException {
        int port = ServiceProcess.freePort();
        int other = ServiceProcess.freePort();
        Path root = Files.createDirectories(folder.resolve("root"));
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                program.toString(),
                "--http.port=" + port,
                "--server.port=" + other,
                "--com.adobe.testing.s3mock.max-payload-size=-1",
                "--com.adobe.testing.s3mock.store.root=" + root);
        return new S3Mock(ServiceProcess.start("S3Mock", command, port, folder.resolve("s3mock.log"), START_LIMIT));
    }

    /** Its address. */
    public String endpoint() {
        return "http://127.0.0.1:" + process.port();
    }

    @Override
    public void close() {
        process.close();
    }
}
