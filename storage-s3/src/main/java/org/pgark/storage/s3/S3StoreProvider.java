package org.pgark.storage.s3;

import java.io.IOException;
import java.time.Instant;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreProvider;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.bucket.BucketStore;

/** Opens {@code s3://bucket/prefix}. */
public final class S3StoreProvider implements StoreProvider {
    @Override
    public String scheme() {
        return "s3";
    }

    @Override
    public ObjectStore open(RepositoryUrl url, StoreSettings settings) throws IOException {
        S3BucketClient client =
                new S3BucketClient(S3Clients.open(settings), url.authority(), S3ObjectProperties.of(settings));
        return new BucketStore(client, url.toString(), String.join("/", url.path()), settings);
    }

    @Override
    public ObjectStore openAsOf(RepositoryUrl url, StoreSettings settings, Instant instant) throws IOException {
        S3PastClient client =
                new S3PastClient(S3Clients.open(settings), url.authority(), S3ObjectProperties.of(settings), instant);
        return new BucketStore(client, url + " as of " + instant, String.join("/", url.path()), settings);
    }
}
