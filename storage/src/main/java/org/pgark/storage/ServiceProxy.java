package org.pgark.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** The proxy of {@code proxy}, by which an object service is reached. */
public final class ServiceProxy {
    private ServiceProxy() {}

    /**
     * Its address, for example {@code http://proxy:3128}, where the settings name one.
     *
     * @throws IllegalArgumentException if what they say is none
     */
    public static Optional<URI> of(StoreSettings settings) {
        return settings.find(StoreOption.PROXY).map(ServiceProxy::parse);
    }

    private static URI parse(String said) {
        URI uri;
        try {
            uri = new URI(said);
        } catch (URISyntaxException e) {
            throw invalid(e);
        }
        if (!"http".equals(uri.getScheme())
                || uri.getHost() == null
                || uri.getPort() < 0
                || uri.getUserInfo() != null) {
            throw invalid(new IllegalArgumentException("proxy"));
        }
        return uri;
    }

    /** What was said may hold a password, and is not repeated. */
    private static IllegalArgumentException invalid(Exception cause) {
        return new IllegalArgumentException(
                "invalid value of \"proxy\", must be like \"http://proxy:3128\", without a user's name", cause);
    }
}
