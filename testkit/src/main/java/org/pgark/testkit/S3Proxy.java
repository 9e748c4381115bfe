package org.pgark.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * An S3 service of this host: s3proxy in a process of its own, over a folder. It checks signatures and conditional
 * requests; it has no object lock, no tags and no encryption of its own.
 */
public final class S3Proxy implements AutoCloseable {
    /** The access key that it takes. */
    public static final String ACCESS_KEY = "local-identity";

    /** The secret of the access key. */
    public static final String SECRET_KEY = "local-credential";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final ServiceProcess process;

    private S3Proxy(ServiceProcess process) {
        this.process = process;
    }

    /** Starts a service whose buckets are the folders in {@code folder}/buckets; one of them is made for each name. */
    public static S3Proxy start(Path folder, String... buckets) throws IOException {
        return start(folder, true, buckets);
    }

    /** Likewise, one that checks no signatures, so that somebody in between can change requests. */
    public static S3Proxy startTrusting(Path folder, String... buckets) throws IOException {
        return start(folder, false, buckets);
    }

    private static S3Proxy start(Path folder, boolean signed, String... buckets) throws IOException {
        Path base = folder.resolve("buckets");
        for (String bucket : buckets) {
            Files.createDirectories(base.resolve(bucket));
        }
        int port = ServiceProcess.freePort();
        Path settings = folder.resolve("s3proxy.conf");
        Files.write(
                settings,
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=" + (signed ? "aws-v2-or-v4" : "none"),
                        "s3proxy.identity=" + ACCESS_KEY,
                        "s3proxy.credential=" + SECRET_KEY,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + base));
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=" + emulators().resolveSibling("s3proxy-logback.xml"),
                "-cp",
                classPath(),
                "org.gaul.s3proxy.Main",
                "--properties",
                settings.toString());
        return new S3Proxy(ServiceProcess.start("s3proxy", command, port, folder.resolve("s3proxy.log"), START_LIMIT));
    }

    /** Annotations first: what the rest resolves to is older. */
    private static String classPath() {
        Path jars = emulators().resolve("s3proxy");
        return jars.resolve("jackson-annotations-2.22.jar") + ":" + jars + "/*";
    }

    private static Path emulators() {
        return Path.of(System.getProperty("pgark.emulators", "../emulators/target"));
    }

    /** Its address. */
    public String endpoint() {
        return "http://127.0.0.1:" + port();
    }

    /** The port it listens on. */
    public int port() {
        return process.port();
    }

    @Override
    public void close() {
        process.close();
    }
}
