package org.pgark.storage.azure;

import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.pgark.storage.ObjectLock;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.bucket.Attempts;
import org.pgark.storage.bucket.BucketClient;
import org.pgark.storage.bucket.ListPage;
import org.pgark.storage.bucket.ListedKey;
import org.pgark.storage.bucket.LockedKeyException;
import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;
import org.pgark.storage.bucket.Retained;

/** The calls on one container of Azure Blob Storage. */
final class AzureBucketClient implements BucketClient {
    private final BlobContainerClient container;
    private final AzureObjectProperties properties;
    private final int keysInPage;
    private final Attempts attempts = new Attempts();

    AzureBucketClient(BlobContainerClient container, AzureObjectProperties properties, int keysInPage) {
        this.container = container;
        this.properties = properties;
        this.keysInPage = keysInPage;
    }

    static BlobRequestConditions ifAbsent() {
        return new BlobRequestConditions().setIfNoneMatch("*");
    }

    static BinaryData data(PartBytes content) {
        return BinaryData.fromByteBuffer(ByteBuffer.wrap(content.array(), 0, content.length()));
    }

    @Override
    public Set<StoreFeature> features() {
        return Set.of(StoreFeature.CONDITIONAL_CREATE, StoreFeature.DURABLE_COMMIT);
    }

    private BlockBlobClient blob(String key) {
        return container.getBlobClient(key).getBlockBlobClient();
    }

    /** Does what is worth it again, and turns what the service refused into our words. */
    private <T> T call(AzureAnswer.Call<T> call) throws IOException {
        try {
            return attempts.of(_ -> AzureAnswer.once(call));
        } catch (BlobStorageException e) {
            throw AzureAnswer.refusal(e);
        }
    }

    @Override
    public boolean put(String key, PartBytes content) throws IOException {
        String writer = UUID.randomUUID().toString();
        byte[] sum = Md5.of(content);
        return call(() -> {
            try {
                BlockBlobSimpleUploadOptions options = new BlockBlobSimpleUploadOptions(data(content))
                        .setRequestConditions(ifAbsent())
                        .setMetadata(Map.of(AzureObjectProperties.WRITER, writer))
                        .setContentMd5(sum);
                properties.tier(key).ifPresent(options::setTier);
                properties.policy(key).ifPresent(options::setImmutabilityPolicy);
                blob(key).uploadWithResponse(options, null, Context.NONE);
                return true;
            } catch (BlobStorageException e) {
                if (AzureAnswer.isTaken(e)
                        || (AzureAnswer.isForbidden(e) && blob(key).exists())) {
                    return isWrittenBy(key, writer);
                }
                throw e;
            }
        });
    }

    @Override
    public PartUpload upload(String key) {
        String writer = UUID.randomUUID().toString();
        return new AzurePartUpload(
                attempts,
                blob(key),
                writer,
                properties.tier(key),
                properties.policy(key),
                () -> isWrittenBy(key, writer));
    }

    private boolean isWrittenBy(String key, String writer) {
        try {
            return writer.equals(blob(key).getProperties().getMetadata().get(AzureObjectProperties.WRITER));
        } catch (BlobStorageException e) {
            if (AzureAnswer.isNoSuchBlob(e)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public long size(String key) throws IOException {
        return call(() -> {
            try {
                return blob(key).getProperties().getBlobSize();
            } catch (BlobStorageException e) {
                if (AzureAnswer.isNoSuchBlob(e)) {
                    return -1L;
                }
                throw e;
            }
        });
    }

    @Override
    public boolean read(String key, long offset, ByteBuffer target) throws IOException {
        int start = target.position();
        long wanted = target.remaining();
        boolean found = call(() -> {
            try {
                target.position(start);
                blob(key)
                        .downloadStreamWithResponse(
                                new BufferSink(target),
                                new BlobRange(offset, wanted),
                                new DownloadRetryOptions().setMaxRetryRequests(0),
                                null,
                                false,
                                null,
                                Context.NONE);
                return true;
            } catch (BlobStorageException e) {
                if (AzureAnswer.isNoSuchBlob(e)) {
                    return false;
                }
                if (AzureAnswer.isBeyondEnd(e)) {
                    return true;
                }
                throw e;
            }
        });
        if (found && target.hasRemaining()) {
            throw new EOFException("the object ends before byte " + (offset + wanted));
        }
        return found;
    }

    @Override
    public ListPage list(String prefix, boolean delimited, String from) throws IOException {
        return call(() -> {
            ListBlobsOptions options = new ListBlobsOptions().setPrefix(prefix).setMaxResultsPerPage(keysInPage);
            String token = from.isEmpty() ? null : from;
            Iterator<PagedResponse<BlobItem>> pages = (delimited
                            ? container.listBlobsByHierarchy("/", options, null)
                            : container.listBlobs(options, null))
                    .iterableByPage(token)
                    .iterator();
            if (!pages.hasNext()) {
                return new ListPage(List.of(), List.of(), "");
            }
            PagedResponse<BlobItem> page = pages.next();
            List<ListedKey> objects = new ArrayList<>();
            List<String> folders = new ArrayList<>();
            for (BlobItem item : page.getValue()) {
                String name = item.getName();
                if (Boolean.TRUE.equals(item.isPrefix())) {
                    folders.add(name.substring(prefix.length(), name.length() - 1));
                } else {
                    objects.add(new ListedKey(name, item.getProperties().getContentLength()));
                }
            }
            String next = page.getContinuationToken();
            return new ListPage(objects, folders, next == null ? "" : next);
        });
    }

    /**
     * A blob that is locked could still be hidden where the container keeps versions; so it is asked for first, where blobs
     * are locked.
     */
    @Override
    public void delete(String key) throws IOException {
        if (properties.lock().isPresent() && lockedUntil(key).isPresent()) {
            throw new LockedKeyException(lockedUntil(key));
        }
        try {
            attempts.of(_ -> AzureAnswer.once(() -> blob(key).deleteIfExists()));
        } catch (BlobStorageException e) {
            if (AzureAnswer.isLocked(e)) {
                LockedKeyException locked = new LockedKeyException(lockedUntil(key));
                locked.initCause(AzureAnswer.refusal(e));
                throw locked;
            }
            throw AzureAnswer.refusal(e);
        }
    }

    private Optional<Instant> lockedUntil(String key) throws IOException {
        return immutableUntil(key).filter(end -> end.isAfter(Instant.now()));
    }

    private Optional<Instant> immutableUntil(String key) throws IOException {
        return call(() -> {
            try {
                return expiry(blob(key).getProperties());
            } catch (BlobStorageException e) {
                if (AzureAnswer.isNoSuchBlob(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private static Optional<Instant> expiry(BlobProperties described) {
        return Optional.ofNullable(described.getImmutabilityPolicy())
                .map(BlobImmutabilityPolicy::getExpiryTime)
                .map(OffsetDateTime::toInstant);
    }

    @Override
    public Retained retain(String key, Instant atLeast) throws IOException {
        Optional<ObjectLock> lock = properties.lock();
        return lock.isEmpty()
                ? Retained.ALREADY
                : call(() -> {
                    try {
                        if (expiry(blob(key).getProperties())
                                .filter(end -> !end.isBefore(atLeast))
                                .isPresent()) {
                            return Retained.ALREADY;
                        }
                        blob(key).setImmutabilityPolicy(AzureObjectProperties.policy(lock.get()));
                        return Retained.RENEWED;
                    } catch (BlobStorageException e) {
                        if (AzureAnswer.isNoSuchBlob(e)) {
                            return Retained.ABSENT;
                        }
                        throw e;
                    }
                });
    }

    @Override
    public Optional<ObjectLock> lock() {
        return properties.lock();
    }

    /** Parts that were never made an object show nowhere; the service forgets them after a week. */
    @Override
    public void abortUploads(String prefix, Duration olderThan) {}

    @Override
    public void close() {}
}
