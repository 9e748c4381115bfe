package org.pgark.storage.s3;

import java.io.IOException;
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
}
