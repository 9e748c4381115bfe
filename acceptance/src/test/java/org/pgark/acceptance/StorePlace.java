package org.pgark.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.pgark.embedded.FileTree;
import org.pgark.testkit.Azurite;
import org.pgark.testkit.GcsServer;
import org.pgark.testkit.OpenSshServer;
import org.pgark.testkit.S3Proxy;

/**
 * A store of one kind that a repository is kept in, served by what stands in for the vendor.
 *
 * @param settings the lines of its table in the configuration
 * @param service what serves it; closing it makes the repository unreachable for good
 */
record StorePlace(List<String> settings, AutoCloseable service) implements AutoCloseable {
    /** The kinds of stores. */
    enum Kind {
        FILE,
        S3,
        GS,
        AZBLOB,
        SFTP;

        /** Where a backup of this one is copied to. */
        Kind next() {
            return switch (this) {
                case FILE -> S3;
                case S3 -> GS;
                case GS -> AZBLOB;
                case AZBLOB -> SFTP;
                case SFTP -> FILE;
            };
        }

        /** Why it cannot be had on this host; empty if it can. */
        String obstacle() throws IOException {
            return switch (this) {
                case FILE, S3, GS -> "";
                case AZBLOB -> Azurite.obstacle();
                case SFTP -> OpenSshServer.obstacle();
            };
        }
    }

    StorePlace {
        settings = List.copyOf(settings);
    }

    /** Starts it; what it needs is kept in a folder that does not exist yet. */
    static StorePlace start(Kind kind, Path folder) throws IOException {
        Files.createDirectories(folder);
        return switch (kind) {
            case FILE -> {
                Path repository = folder.resolve("repository");
                yield new StorePlace(List.of("url = \"file:" + repository + "\""), () -> FileTree.delete(repository));
            }
            case S3 -> {
                S3Proxy service = S3Proxy.start(folder, "bucket");
                yield new StorePlace(
                        List.of(
                                "url = \"s3://bucket/some/prefix\"",
                                "endpoint = \"" + service.endpoint() + "\"",
                                "path-style = true",
                                "access-key-id = \"" + S3Proxy.ACCESS_KEY + "\"",
                                "secret-access-key-file = \"" + secret(folder, S3Proxy.SECRET_KEY) + "\""),
                        service);
            }
            case GS -> {
                GcsServer service = GcsServer.start("bucket");
                Path credentials = folder.resolve("credentials.json");
                service.writeCredentials(credentials);
                yield new StorePlace(
                        List.of(
                                "url = \"gs://bucket/some/prefix\"",
                                "endpoint = \"" + service.endpoint() + "\"",
                                "credentials-file = \"" + credentials + "\""),
                        service);
            }
            case AZBLOB -> {
                Azurite service = Azurite.start(folder, "container");
                yield new StorePlace(
                        List.of(
                                "url = \"azblob://" + Azurite.ACCOUNT + "/container/some/prefix\"",
                                "endpoint = \"" + service.endpoint() + "\"",
                                "account-key-file = \"" + secret(folder, Azurite.KEY) + "\""),
                        service);
            }
            case SFTP -> {
                OpenSshServer service = OpenSshServer.start(folder);
                yield new StorePlace(
                        List.of(
                                "url = \"sftp://" + System.getProperty("user.name") + "@127.0.0.1:" + service.port()
                                        + folder.resolve("repository") + "\"",
                                "identity-file = \"" + service.identity() + "\"",
                                "known-hosts-file = \"" + service.knownHosts() + "\""),
                        service);
            }
        };
    }

    private static Path secret(Path folder, String secret) throws IOException {
        return Files.writeString(folder.resolve("secret"), secret + "\n");
    }

    /** Its table in the configuration. */
    String table(String name) {
        return "[repository." + name + "]\n" + String.join("\n", settings) + "\n\n";
    }

    @Override
    public void close() throws IOException {
        try {
            service.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
