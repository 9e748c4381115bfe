package org.pgark.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a repository is, for example {@code file:/var/lib/pgark/repository}.
 *
 * @param uri as it was written
 */
public record RepositoryUrl(URI uri) {
    public RepositoryUrl {
        Objects.requireNonNull(uri, "uri is null");
        String scheme = uri.getScheme();
        if (scheme == null) {
            throw invalid(uri.toString());
        }
        if (!scheme.equals("file")) {
            throw new IllegalArgumentException("invalid repository URL \"" + uri + "\", \"" + scheme
                    + ":\" is not supported; must be like \"file:/var/lib/pgark/repository\"");
        }
        String path = uri.getPath();
        if (path == null || !path.startsWith("/") || uri.getAuthority() != null || uri.getQuery() != null) {
            throw invalid(uri.toString());
        }
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
        return new IllegalArgumentException(
                "invalid repository URL \"" + text + "\", must be like \"file:/var/lib/pgark/repository\"");
    }

    /** The local directory that it names, absolute and normalised. */
    public Path directory() {
        return Path.of(uri.getPath()).normalize();
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
