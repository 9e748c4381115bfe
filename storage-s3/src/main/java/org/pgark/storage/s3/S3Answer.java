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
    static final int METHOD_NOT_ALLOWED = 405;
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

    /**
     * The status of an answer, or 0 if there was none. What takes long is answered by 200 before it is done; then the code
     * in the answer says what the status would have been.
     */
    static int status(SdkException failure) {
        if (!(failure instanceof AwsServiceException answer)) {
            return 0;
        }
        return answer.statusCode() / 100 != 2
                ? answer.statusCode()
                : switch (code(failure)) {
                    case "PreconditionFailed" -> PRECONDITION_FAILED;
                    case "ConditionalRequestConflict", "OperationAborted" -> CONFLICT;
                    case "NotImplemented" -> NOT_IMPLEMENTED;
                    case "NoSuchUpload" -> NOT_FOUND;
                    default -> answer.statusCode();
                };
    }

    /** The service's own word for what it refused, empty if there was none. */
    private static String code(SdkException failure) {
        return failure instanceof AwsServiceException answer
                        && answer.awsErrorDetails() != null
                        && answer.awsErrorDetails().errorCode() != null
                ? answer.awsErrorDetails().errorCode()
                : "";
    }

    /** Whether the answer says that there is no such upload, or that a part of it is not there. */
    static boolean isUploadGone(SdkException failure) {
        return isNoSuchKey(failure) || code(failure).equals("InvalidPart");
    }

    /** Whether the service has no such call at all. */
    static boolean isUnknownCall(SdkException failure) {
        int status = status(failure);
        return status == NOT_IMPLEMENTED || status == METHOD_NOT_ALLOWED;
    }

    /** Whether the answer says that there is no such key, and not that there is no such bucket. */
    static boolean isNoSuchKey(SdkException failure) {
        return status(failure) == NOT_FOUND && !code(failure).equals("NoSuchBucket");
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
