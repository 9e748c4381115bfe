package org.pgark.storage.gcs;

import java.util.Optional;
import java.util.regex.Pattern;
import org.pgark.storage.KeyService;
import org.pgark.storage.KeyServiceProvider;
import org.pgark.storage.StoreSettings;

/** Opens {@code gcp-kms://projects/PROJECT/locations/LOCATION/keyRings/RING/cryptoKeys/KEY}. */
public final class GcpKeyServiceProvider implements KeyServiceProvider {
    private static final String PREFIX = "gcp-kms://";
    private static final String SERVICE = "https://cloudkms.googleapis.com";

    /** As gcloud has it. */
    private static final String OTHER_SERVICE = "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS";

    private static final Pattern NAME = Pattern.compile(
            "projects/[a-z0-9:.-]+/locations/[a-z0-9-]+/keyRings/[A-Za-z0-9_-]+" + "/cryptoKeys/[A-Za-z0-9_-]+");

    @Override
    public String scheme() {
        return "gcp-kms";
    }

    @Override
    public KeyService open(String uri, StoreSettings settings) {
        return open(
                uri,
                settings,
                Optional.ofNullable(System.getenv(OTHER_SERVICE))
                        .filter(base -> !base.isEmpty())
                        .orElse(SERVICE));
    }

    static KeyService open(String uri, StoreSettings settings, String base) {
        String name = uri.substring(Math.min(uri.length(), PREFIX.length()));
        if (!uri.startsWith(PREFIX) || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("invalid key \"" + uri
                    + "\", must be like"
                    + " \"gcp-kms://projects/acme/locations/europe-west3/keyRings/backup/cryptoKeys/pgark\"");
        }
        return new GcpKeyService(base.replaceAll("/+$", ""), name, settings);
    }
}
