package org.pgark.storage.gcs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.pgark.storage.bucket.Attempts;

/** Sends requests with the credentials' token, again where that may help. */
final class GcsRequests implements AutoCloseable {
    private static final Duration HEADER_LIMIT = Duration.ofSeconds(60);

    private final HttpClient http;
    private final GcsCredentials credentials;
    private final Attempts attempts = new Attempts();

    GcsRequests(HttpClient http, GcsCredentials credentials) {
        this.http = http;
        this.credentials = credentials;
    }

    /** Takes what the service answered, unless it is busy. */
    interface Taker<T> {
        /**
         * Takes an answer.
         *
         * @param repeated whether the request was sent before, and may have been obeyed unheard
         */
        T take(GcsAnswer answer, boolean repeated) throws IOException;
    }

    /** Sends a request until there is an answer to take. */
    <T> T send(HttpRequest.Builder request, Taker<T> taker) throws IOException {
        return attempts.of(repeated -> sendOnce(request, taker, repeated));
    }

    /** Sends a request once; a failure that may pass is {@link Attempts.Passing}. */
    <T> T sendOnce(HttpRequest.Builder request, Taker<T> taker, boolean repeated) throws IOException {
        HttpRequest.Builder signed = request.copy().timeout(HEADER_LIMIT);
        URI uri = request.build().uri();
        credentials.headers(uri).forEach((name, value) -> signed.setHeader(name, value));
        GcsAnswer answer;
        try {
            answer = new GcsAnswer(http.send(signed.build(), HttpResponse.BodyHandlers.ofInputStream()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        } catch (IOException e) {
            throw Attempts.Passing.unanswered(e);
        }
        try (answer) {
            if (answer.isBusy()) {
                throw Attempts.Passing.busy(answer.refusal(), answer.status(), answer.retryAfter());
            }
            return taker.take(answer, repeated);
        }
    }

    Attempts attempts() {
        return attempts;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
