package org.pgark.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a repository is, for example {@code file:/var/lib/pgark/repository} or {@code s3://bucket/prefix}.
 *
 * @param uri as it was written
 */
public record RepositoryUrl(URI uri) {
    private static final List<String> SCHEMES = List.of("file", "s3", "gs", "azblob", "sftp");
    private static final String FORM = "must be like \"file:/var/lib/pgark/repository\" or \"s3://bucket/prefix\"";

    public RepositoryUrl {
        Objects.requireNonNull(uri, "uri is null");
        String scheme = uri.getScheme();
        if (scheme == null) {
            throw invalid(uri.toString());
        }
        if (!SCHEMES.contains(scheme)) {
            throw new IllegalArgumentException(
                    "invalid repository URL \"" + uri + "\", \"" + scheme + ":\" is not supported; " + FORM);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || !isPlace(scheme, uri)) {
            throw invalid(uri.toString());
        }
        String user = uri.getRawUserInfo();
        if (user != null && (user.contains(":") || !scheme.equals("sftp"))) {
            throw new IllegalArgumentException("invalid repository URL, it must not hold a password; " + FORM);
        }
    }

    private static boolean isPlace(String scheme, URI uri) {
        String path = uri.getPath();
        return switch (scheme) {
            case "file" -> path != null && path.startsWith("/") && uri.getRawAuthority() == null;
            case "sftp" -> path != null && path.startsWith("/") && uri.getHost() != null;
            case "azblob" -> uri.getRawAuthority() != null && !segments(path).isEmpty() && areNames(path);
            default -> uri.getRawAuthority() != null && areNames(path);
        };
    }

    private static boolean areNames(String path) {
        return segments(path).isEmpty() || ObjectName.isName(String.join("/", segments(path)));
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
    }

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException if no repository can be at such a URL
     */
    public static RepositoryUrl parse(String text) {
        try {
            return new RepositoryUrl(new URI(text));
        } catch (URISyntaxException e) {
            throw invalid(text);
        }
    }

    /** The URL of a local directory. */
    public static RepositoryUrl of(Path directory) {
        try {
            return new RepositoryUrl(
                    new URI("file", null, directory.toAbsolutePath().toString(), null));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("invalid repository URL \"" + text + "\", " + FORM);
    }

    /** The kind of place: {@code file}, {@code s3}, {@code gs}, {@code azblob} or {@code sftp}. */
    public String scheme() {
        return uri.getScheme();
    }

    /** The local directory that it names, absolute and normalised; empty where the repository is not on this host. */
    public Optional<Path> localDirectory() {
        return scheme().equals("file") ? Optional.of(Path.of(uri.getPath()).normalize()) : Optional.empty();
    }

    /** The bucket, account or host. */
    public String authority() {
        return uri.getRawAuthority();
    }

    /** The path's parts. */
    public List<String> path() {
        return segments(uri.getPath());
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
