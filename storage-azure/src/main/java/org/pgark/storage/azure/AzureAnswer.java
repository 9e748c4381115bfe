package org.pgark.storage.azure;

import com.azure.core.exception.AzureException;
import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.pgark.storage.bucket.Attempts;

/** Makes calls of the library, and says what became of them in our words. */
final class AzureAnswer {
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;

    private AzureAnswer() {}

    /** A call of the library. */
    interface Call<T> {
        T make() throws IOException;
    }

    /**
     * Makes a call.
     *
     * @throws BlobStorageException if the service refused for good
     * @throws Attempts.Passing if another attempt may help
     */
    static <T> T once(Call<T> call) throws IOException {
        try {
            return call.make();
        } catch (BlobStorageException e) {
            if (isBusy(e)) {
                throw Attempts.Passing.busy(refusal(e), e.getStatusCode(), retryAfter(e));
            }
            throw e;
        } catch (ClientAuthenticationException e) {
            throw new IOException("no access token could be got: " + firstLine(e), e);
        } catch (UncheckedIOException e) {
            throw unwrapped(e);
        } catch (AzureException e) {
            throw Attempts.Passing.unanswered(new IOException(firstLine(e), e));
        } catch (RuntimeException e) {
            throw unwrapped(e);
        }
    }

    private static IOException unwrapped(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                return (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
            }
            if (cause instanceof IOException broken) {
                return Attempts.Passing.unanswered(broken);
            }
            if (cause instanceof TimeoutException) {
                return Attempts.Passing.unanswered(new IOException("the service did not answer in time", e));
            }
        }
        throw e;
    }

    private static boolean isBusy(BlobStorageException e) {
        int status = e.getStatusCode();
        return status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS || status / 100 == 5;
    }

    private static Optional<Duration> retryAfter(BlobStorageException e) {
        HttpResponse response = e.getResponse();
        String value = response == null ? null : response.getHeaderValue(HttpHeaderName.RETRY_AFTER);
        return Optional.ofNullable(value)
                .filter(text ->
                        !text.isEmpty() && text.length() <= 6 && text.chars().allMatch(Character::isDigit))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    /** Whether the answer says that there is no such object, and not that there is no such container. */
    static boolean isNoSuchBlob(BlobStorageException e) {
        return e.getStatusCode() == NOT_FOUND && !BlobErrorCode.CONTAINER_NOT_FOUND.equals(e.getErrorCode());
    }

    static boolean isBeyondEnd(BlobStorageException e) {
        return e.getStatusCode() == RANGE_NOT_SATISFIABLE;
    }

    /** Whether the answer says that the name is taken, which a signature that may only create says by a refusal. */
    static boolean isTaken(BlobStorageException e) {
        BlobErrorCode code = e.getErrorCode();
        return e.getStatusCode() == PRECONDITION_FAILED
                || (e.getStatusCode() == CONFLICT && BlobErrorCode.BLOB_ALREADY_EXISTS.equals(code))
                || BlobErrorCode.UNAUTHORIZED_BLOB_OVERWRITE.equals(code);
    }

    /**
     * Whether the answer refuses a permission. A service may ask for the one to overwrite before it looks at the condition
     * that the name is free.
     */
    static boolean isForbidden(BlobStorageException e) {
        return BlobErrorCode.AUTHORIZATION_PERMISSION_MISMATCH.equals(e.getErrorCode());
    }

    /** Whether the answer says that a policy or a hold keeps the blob. */
    static boolean isLocked(BlobStorageException e) {
        return e.getStatusCode() == CONFLICT
                && e.getErrorCode() != null
                && e.getErrorCode().toString().startsWith("BlobImmutableDueTo");
    }

    /** Whether the parts of an upload are gone: another one of the same name was completed. */
    static boolean arePartsGone(BlobStorageException e) {
        return BlobErrorCode.INVALID_BLOCK_LIST.equals(e.getErrorCode());
    }

    static IOException refusal(BlobStorageException e) {
        BlobErrorCode code = e.getErrorCode();
        String message = firstLine(e);
        return new IOException(
                message + " (" + (code == null ? "" : code + ", ") + "status " + e.getStatusCode() + ")", e);
    }

    private static String firstLine(Exception e) {
        String message = e instanceof BlobStorageException refused ? said(refused) : e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("the service refused");
    }

    /** The service's own words, without the whole answer that the library adds. */
    private static String said(BlobStorageException e) {
        @Nullable String body = e.getServiceMessage();
        String text = body == null ? "" : body;
        int begin = text.indexOf("<Message>");
        int end = text.indexOf("</Message>");
        return begin >= 0 && end > begin
                ? text.substring(begin + "<Message>".length(), end).strip()
                : "the service refused";
    }
}
