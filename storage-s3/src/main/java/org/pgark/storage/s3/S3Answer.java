package org.pgark.storage.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Makes one call, and tells apart what it may answer. */
final class S3Answer {
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;
    static final int PRECONDITION_FAILED = 412;
    static final int NOT_IMPLEMENTED = 501;
    static final int RANGE_NOT_SATISFIABLE = 416;

    private S3Answer() {}

    /** A call of the SDK. */
    interface Call<T> {
        T make() throws IOException;
    }

    /** Makes a call whose failures are all faults. */
    static <T> T of(Call<T> call) throws IOException {
        try {
            return call.make();
        } catch (SdkException e) {
            throw fault(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The status of an answer, or 0 if there was none. */
    static int status(SdkException failure) {
        return failure instanceof AwsServiceException answer ? answer.statusCode() : 0;
    }

    /** Whether the answer says that there is no such key, and not that there is no such bucket. */
    static boolean isNoSuchKey(SdkException failure) {
        return failure instanceof AwsServiceException answer
                && answer.statusCode() == NOT_FOUND
                && (answer.awsErrorDetails() == null
                        || !"NoSuchBucket".equals(answer.awsErrorDetails().errorCode()));
    }

    static IOException fault(SdkException failure) {
        if (failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null) {
            String code = answer.awsErrorDetails().errorCode();
            String message = answer.awsErrorDetails().errorMessage();
            return new IOException(
                    (message == null || message.isEmpty() ? "the service refused" : message) + " ("
                            + (code == null ? "" : code + ", ") + "status " + answer.statusCode() + ")",
                    failure);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
                return new IOException("the service cannot be reached: " + cause.getMessage(), failure);
            }
        }
        String message = failure.getMessage();
        return new IOException(message == null ? failure.getClass().getSimpleName() : message, failure);
    }
}
