package org.pgark.storage.azure;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreProvider;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.bucket.BucketStore;

/** Opens {@code azblob://account/container/prefix}. */
public final class AzureStoreProvider implements StoreProvider {
    private static final int MOST_KEYS_IN_PAGE = 5000;

    @Override
    public String scheme() {
        return "azblob";
    }

    @Override
    public ObjectStore open(RepositoryUrl url, StoreSettings settings) throws IOException {
        List<String> prefix = url.path().subList(1, url.path().size());
        return new BucketStore(
                client(url, settings, MOST_KEYS_IN_PAGE), url.toString(), String.join("/", prefix), settings);
    }

    /** Versions of blobs could be read, but nothing at hand keeps any to try it with. */
    @Override
    public ObjectStore openAsOf(RepositoryUrl url, StoreSettings settings, Instant instant) throws IOException {
        throw new IOException("\"" + url + "\" cannot be read as it was: versions of blobs are not read; Azure's own"
                + " point-in-time restore of block blobs can bring the container back");
    }

    static AzureBucketClient client(RepositoryUrl url, StoreSettings settings, int keysInPage) throws IOException {
        return new AzureBucketClient(
                AzureClients.open(url.authority(), settings)
                        .getBlobContainerClient(url.path().getFirst()),
                AzureObjectProperties.of(settings),
                keysInPage);
    }
}
