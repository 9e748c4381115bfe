package org.pgark.storage.s3;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Waits longer for the answer to one kind of request: to make an object of parts can take a service minutes. S3 itself sends
 * blanks meanwhile, others say nothing until it is done.
 */
final class PatientHttp implements SdkHttpClient {
    private final SdkHttpClient usual;
    private final Supplier<SdkHttpClient> makes;
    private @Nullable SdkHttpClient patient;

    /** @param makes the one that waits longer, once it is needed, since to set up TLS takes time */
    PatientHttp(SdkHttpClient usual, Supplier<SdkHttpClient> makes) {
        this.usual = usual;
        this.makes = makes;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return (completesUpload(request.httpRequest()) ? patient() : usual).prepareRequest(request);
    }

    private synchronized SdkHttpClient patient() {
        SdkHttpClient made = patient;
        if (made == null) {
            made = makes.get();
            patient = made;
        }
        return made;
    }

    private static boolean completesUpload(SdkHttpRequest request) {
        return request.method() == SdkHttpMethod.POST
                && request.rawQueryParameters().containsKey("uploadId");
    }

    @Override
    public String clientName() {
        return usual.clientName();
    }

    @Override
    public synchronized void close() {
        usual.close();
        if (patient != null) {
            patient.close();
        }
    }
}
