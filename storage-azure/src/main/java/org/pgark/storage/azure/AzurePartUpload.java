package org.pgark.storage.azure;

import com.azure.core.util.Context;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.BlobImmutabilityPolicy;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.options.BlockBlobStageBlockOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.pgark.storage.bucket.Attempts;
import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;

/**
 * Blocks that become one blob. The service keeps the blocks of all writers of one name together; so a block's name begins
 * with its writer's.
 */
final class AzurePartUpload implements PartUpload {
    private final Attempts attempts;
    private final BlockBlobClient blob;
    private final String writer;
    private final Optional<AccessTier> tier;
    private final Optional<BlobImmutabilityPolicy> policy;
    private final Ownership ownership;

    /** Whether the object that has the key is the one that was to be created. */
    interface Ownership {
        boolean isOurs();
    }

    AzurePartUpload(
            Attempts attempts,
            BlockBlobClient blob,
            String writer,
            Optional<AccessTier> tier,
            Optional<BlobImmutabilityPolicy> policy,
            Ownership ownership) {
        this.attempts = attempts;
        this.blob = blob;
        this.writer = writer;
        this.tier = tier;
        this.policy = policy;
        this.ownership = ownership;
    }

    private String block(int number) {
        return Base64.getEncoder()
                .encodeToString(
                        String.format(Locale.ROOT, "%s-%06d", writer, number).getBytes(StandardCharsets.US_ASCII));
    }

    private <T> T call(AzureAnswer.Call<T> call) throws IOException {
        try {
            return attempts.of(_ -> AzureAnswer.once(call));
        } catch (BlobStorageException e) {
            throw AzureAnswer.refusal(e);
        }
    }

    @Override
    public void send(int number, PartBytes content) throws IOException {
        byte[] sum = Md5.of(content);
        call(() -> blob.stageBlockWithResponse(
                new BlockBlobStageBlockOptions(block(number), AzureBucketClient.data(content)).setContentMd5(sum),
                null,
                Context.NONE));
    }

    @Override
    public boolean complete(int parts) throws IOException {
        List<String> blocks = new ArrayList<>();
        for (int number = 1; number <= parts; number++) {
            blocks.add(block(number));
        }
        BlockBlobCommitBlockListOptions options = new BlockBlobCommitBlockListOptions(blocks)
                .setRequestConditions(AzureBucketClient.ifAbsent())
                .setMetadata(Map.of(AzureObjectProperties.WRITER, writer));
        tier.ifPresent(options::setTier);
        policy.ifPresent(options::setImmutabilityPolicy);
        return call(() -> {
            try {
                blob.commitBlockListWithResponse(options, null, Context.NONE);
                return true;
            } catch (BlobStorageException e) {
                boolean mayBeTaken = AzureAnswer.arePartsGone(e) || AzureAnswer.isForbidden(e);
                if (AzureAnswer.isTaken(e) || (mayBeTaken && blob.exists())) {
                    return ownership.isOurs();
                }
                throw e;
            }
        });
    }

    /** The service has no word for it: it forgets blocks after a week, or when an object of the name is made. */
    @Override
    public void abort() {}
}
