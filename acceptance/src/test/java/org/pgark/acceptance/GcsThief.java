package org.pgark.acceptance;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Somebody who has stolen a token of Google Cloud Storage and uses it without pgark.
 *
 * @param endpoint the service's address
 * @param bucket the bucket's name
 */
record GcsThief(HttpClient http, String endpoint, String bucket, String token) {
    private static final Pattern NAME = Pattern.compile("\"name\": \"([^\"]+)\"");
    private static final int MOST_IN_PAGE = 100_000;

    private HttpResponse<String> send(String method, String path, String body) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(endpoint + path))
                            .header("Authorization", "Bearer " + token)
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** The names of all objects. */
    List<String> keys() throws IOException {
        List<String> keys = new ArrayList<>();
        NAME.matcher(send("GET", "/storage/v1/b/" + bucket + "/o?maxResults=" + MOST_IN_PAGE, "")
                        .body())
                .results()
                .forEach(found -> keys.add(found.group(1)));
        return keys;
    }

    /** Tries to delete an object; the status of the answer. */
    int delete(String key) throws IOException {
        String name = URLEncoder.encode(key, StandardCharsets.UTF_8);
        return send("DELETE", "/storage/v1/b/" + bucket + "/o/" + name, "").statusCode();
    }

    /** Tries to put other content over an object; the status of the answer. */
    int overwrite(String key) throws IOException {
        return send("POST", "/upload/storage/v1/b/" + bucket + "/o?uploadType=resumable", "{\"name\": \"" + key + "\"}")
                .statusCode();
    }
}
