package org.pgark.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Azure's blob service of this host: azurite in a process of its own, in memory. It is fetched by npm when it is first
 * wanted. It checks keys, signatures and conditional requests; it has no immutability.
 */
public final class Azurite implements AutoCloseable {
    /** The account that it has. */
    public static final String ACCOUNT = "devstoreaccount1";

    /** The account's key, which everybody knows. */
    public static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final String VERSION = "2021-12-02";
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final ServiceProcess process;

    private Azurite(ServiceProcess process) {
        this.process = process;
    }

    /** Why there cannot be one on this host; empty if there can. */
    public static String obstacle() throws IOException {
        for (String program : List.of("node", "npm")) {
            if (ProgramOutcome.of(List.of("sh", "-c", "command -v " + program)).exitStatus() != 0) {
                return Obstacle.of("there is no " + program + ": install nodejs and npm");
            }
        }
        return "";
    }

    /** Starts a service that has these containers. */
    public static Azurite start(Path folder, String... containers) throws IOException {
        Path program = install().resolve("node_modules/azurite/dist/src/blob/main.js");
        int port = ServiceProcess.freePort();
        ProcessBuilder command = new ProcessBuilder(
                        "node",
                        program.toString(),
                        "--silent",
                        "--disableTelemetry",
                        "--skipApiVersionCheck",
                        "--inMemoryPersistence",
                        "--blobHost",
                        "127.0.0.1",
                        "--blobPort",
                        Integer.toString(port))
                .directory(folder.toFile());
        Azurite started =
                new Azurite(ServiceProcess.start("azurite", command, port, folder.resolve("azurite.log"), START_LIMIT));
        for (String container : containers) {
            started.makeContainer(container);
        }
        return started;
    }

    /** One process installs; the others wait for it. */
    private static Path install() throws IOException {
        Path target = Path.of(System.getProperty("pgark.emulators", "../emulators/target"));
        Path folder = Files.createDirectories(target.resolve("azurite"));
        try (RandomAccessFile lock = new RandomAccessFile(folder.resolve("lock").toFile(), "rw");
                FileLock held = lock.getChannel().lock()) {
            Path wanted = target.resolveSibling("azurite").resolve("package.json");
            Path installed = folder.resolve("installed.json");
            if (held.isValid() && Files.exists(installed) && Files.mismatch(wanted, installed) < 0) {
                return folder;
            }
            Files.copy(wanted, folder.resolve("package.json"), StandardCopyOption.REPLACE_EXISTING);
            ProgramOutcome outcome = ProgramOutcome.of(List.of(
                    "npm",
                    "install",
                    "--prefix",
                    folder.toString(),
                    "--no-audit",
                    "--no-fund",
                    "--ignore-scripts",
                    "--loglevel=error"));
            if (outcome.exitStatus() != 0) {
                throw new IOException("azurite cannot be installed: " + outcome.errors());
            }
            Files.copy(wanted, installed, StandardCopyOption.REPLACE_EXISTING);
            return folder;
        }
    }

    /** Makes a container by a request signed with the account's key. */
    private void makeContainer(String name) throws IOException {
        String date = DATE.format(Instant.now());
        String signed = "PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:" + date + "\nx-ms-version:" + VERSION + "\n/" + ACCOUNT
                + "/" + ACCOUNT + "/" + name + "\nrestype:container";
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(endpoint() + "/" + name + "?restype=container"))
                            .header("x-ms-date", date)
                            .header("x-ms-version", VERSION)
                            .header("Authorization", "SharedKey " + ACCOUNT + ":" + signature(signed))
                            .PUT(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 201) {
                throw new IOException("azurite made no container: " + answer.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What proves to the service that somebody knows the account's key. */
    public static String signature(String text) throws IOException {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /**
     * A shared access signature on a container, for a long time.
     *
     * @param permissions letters, in the order that the service wants them in
     */
    public static String sharedAccess(String container, String permissions) throws IOException {
        return sharedAccess(container, permissions, Instant.parse("2099-01-01T00:00:00Z"));
    }

    /** Likewise, one that ends with a second. */
    public static String sharedAccess(String container, String permissions, Instant end) throws IOException {
        String expiry = end.truncatedTo(ChronoUnit.SECONDS).toString();
        String version = "2018-11-09";
        String resource = "/blob/" + ACCOUNT + "/" + container;
        String signed = String.join(
                "\n", permissions, "", expiry, resource, "", "", "https,http", version, "c", "", "", "", "", "", "");
        return "sv=" + version + "&sr=c&sp=" + permissions + "&se=" + expiry + "&spr=https,http&sig="
                + URLEncoder.encode(signature(signed), StandardCharsets.UTF_8);
    }

    /** The port it listens on. */
    public int port() {
        return process.port();
    }

    /** Its address, with the account. */
    public String endpoint() {
        return "http://127.0.0.1:" + port() + "/" + ACCOUNT;
    }

    @Override
    public void close() {
        process.close();
    }
}
