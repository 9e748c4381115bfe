package org.pgark.storage.gcs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * What the service answered.
 *
 * @param response its status and headers; the stream is the caller's to close
 */
record GcsAnswer(HttpResponse<InputStream> response) implements AutoCloseable {
    static final int RESUME = 308;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int GONE = 410;
    static final int PRECONDITION_FAILED = 412;
    static final int RANGE_NOT_SATISFIABLE = 416;

    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int MOST_ERROR_BYTES = 64 << 10;

    int status() {
        return response.statusCode();
    }

    boolean isDone() {
        return status() / 100 == 2;
    }

    /** Whether the service may do later what it did not do now. */
    boolean isBusy() {
        return status() == REQUEST_TIMEOUT || status() == TOO_MANY_REQUESTS || status() / 100 == 5;
    }

    Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    /** How long the service wants to be left alone. */
    Optional<Duration> retryAfter() {
        return header("retry-after")
                .filter(value ->
                        !value.isEmpty() && value.length() <= 6 && value.chars().allMatch(Character::isDigit))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }

    InputStream body() {
        return response.body();
    }

    JsonObject json() throws IOException {
        String text = new String(body().readAllBytes(), StandardCharsets.UTF_8);
        try {
            JsonElement element = JsonParser.parseString(text);
            if (element.isJsonObject()) {
                return element.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            throw new IOException("the service's answer is no JSON (status " + status() + ")", e);
        }
        throw new IOException("the service's answer is no JSON object (status " + status() + ")");
    }

    /** The refusal in the service's words. */
    IOException refusal() {
        String message = "the service refused";
        try {
            String text = new String(body().readNBytes(MOST_ERROR_BYTES), StandardCharsets.UTF_8).strip();
            message = text.isEmpty() ? message : message(text);
        } catch (IOException e) {
            message = "the service refused, and its reason broke off";
        }
        return new IOException(message + " (status " + status() + ")");
    }

    private static String message(String text) {
        try {
            return JsonParser.parseString(text)
                    .getAsJsonObject()
                    .getAsJsonObject("error")
                    .get("message")
                    .getAsString();
        } catch (RuntimeException e) {
            return text.lines().findFirst().orElse("the service refused");
        }
    }

    @Override
    public void close() throws IOException {
        body().close();
    }
}
