package org.pgark.storage.s3;

import java.io.IOException;
import java.time.Instant;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreProvider;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.bucket.BucketClient;
import org.pgark.storage.bucket.BucketStore;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens {@code s3://bucket/prefix}. */
public final class S3StoreProvider implements StoreProvider {
    @Override
    public String scheme() {
        return "s3";
    }

    @Override
    public ObjectStore open(RepositoryUrl url, StoreSettings settings) throws IOException {
        S3Client s3 = S3Clients.open(settings);
        S3ObjectProperties properties = S3ObjectProperties.of(settings);
        S3BucketClient client = new S3BucketClient(s3, url.authority(), properties);
        return new BucketStore(
                properties
                        .lock()
                        .<BucketClient>map(lock ->
                                new S3LockedClient(client, new S3Versions(s3, url.authority(), properties), lock))
                        .orElse(client),
                url.toString(),
                String.join("/", url.path()),
                settings);
    }

    @Override
    public ObjectStore openAsOf(RepositoryUrl url, StoreSettings settings, Instant instant) throws IOException {
        S3Client s3 = S3Clients.open(settings);
        S3Versions versions = new S3Versions(s3, url.authority(), S3ObjectProperties.of(settings));
        return new BucketStore(
                new S3PastClient(s3, versions, instant),
                url + " as of " + instant,
                String.join("/", url.path()),
                settings);
    }
}
