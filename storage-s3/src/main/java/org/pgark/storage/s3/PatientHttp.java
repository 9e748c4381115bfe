package org.pgark.storage.s3;

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
    private final SdkHttpClient patient;

    PatientHttp(SdkHttpClient usual, SdkHttpClient patient) {
        this.usual = usual;
        this.patient = patient;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return (completesUpload(request.httpRequest()) ? patient : usual).prepareRequest(request);
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
    public void close() {
        usual.close();
        patient.close();
    }
}
