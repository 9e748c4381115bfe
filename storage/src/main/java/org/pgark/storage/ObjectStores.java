package org.pgark.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Opens the store that a repository's URL names. */
public final class ObjectStores {
    private ObjectStores() {}

    /**
     * Opens a store; nothing is created or read.
     *
     * @param url for example {@code file:/var/lib/pgark/repository}
     * @throws IllegalArgumentException if there is no store for such a URL
     */
    public static ObjectStore open(String url) {
        URI uri = parse(url);
        String scheme = uri.getScheme();
        if (scheme == null) {
            throw invalid(url);
        }
        if (!scheme.equals("file")) {
            throw new IllegalArgumentException("invalid repository URL \"" + url + "\", \"" + scheme
                    + ":\" is not supported; must be like \"file:/var/lib/pgark/repository\"");
        }
        String path = uri.getPath();
        if (path == null || !path.startsWith("/") || uri.getAuthority() != null || uri.getQuery() != null) {
            throw invalid(url);
        }
        return new LocalDirectoryStore(Path.of(path));
    }

    private static URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw invalid(url);
        }
    }

    private static IllegalArgumentException invalid(String url) {
        return new IllegalArgumentException(
                "invalid repository URL \"" + url + "\", must be like \"file:/var/lib/pgark/repository\"");
    }
}
