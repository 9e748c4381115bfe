package org.pgark.storage.s3;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.pgark.storage.RepeatedRequests;
import org.pgark.storage.Throttling;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * Gives a service up soon that has never answered: it is more likely not there than out of reach for a moment, and somebody
 * waits to be told. Once it has answered, another strategy decides, but a call is given up after two minutes.
 */
final class FirstContact implements RetryStrategy {
    private static final int MOST_FAILURES = 2;
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private final RetryStrategy later;
    /** A call and its repetitions are made by one thread. */
    private final ThreadLocal<Long> began = ThreadLocal.withInitial(System::nanoTime);

    private final long begin = System.nanoTime();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean reached;

    FirstContact(RetryStrategy later) {
        this.later = later;
    }

    @Override
    public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
        began.set(System.nanoTime());
        return later.acquireInitialToken(request);
    }

    @Override
    public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
        if (request.failure() instanceof AwsServiceException answer
                && (answer.isThrottlingException() || Throttling.isSaidBy(answer.statusCode()))) {
            Throttling.told();
        }
        if (System.nanoTime() - began.get() > DEADLINE.toNanos()) {
            throw new TokenAcquisitionFailedException(
                    "given up after " + DEADLINE.toSeconds() + " s", request.token(), request.failure());
        }
        if (!reached) {
            if (request.failure() instanceof AwsServiceException) {
                reached = true;
            } else if (failures.incrementAndGet() >= MOST_FAILURES || System.nanoTime() - begin > LIMIT.toNanos()) {
                throw new TokenAcquisitionFailedException(
                        "the service has never answered", request.token(), request.failure());
            }
        }
        RefreshRetryTokenResponse again = later.refreshRetryToken(request);
        RepeatedRequests.add();
        return again;
    }

    @Override
    public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
        reached = true;
        return later.recordSuccess(request);
    }

    @Override
    public int maxAttempts() {
        return later.maxAttempts();
    }

    @Override
    public boolean useClientDefaults() {
        return false;
    }

    @Override
    public RetryStrategy.Builder<?, ?> toBuilder() {
        return later.toBuilder();
    }
}
