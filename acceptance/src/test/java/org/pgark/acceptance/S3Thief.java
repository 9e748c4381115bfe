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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Somebody who has stolen an access key of S3 and uses it without pgark.
 *
 * @param bucket the bucket's address
 */
record S3Thief(HttpClient http, String bucket, String accessKey) {
    private static final Pattern KEY = Pattern.compile("<Key>([^<]+)</Key>");
    private static final Pattern VERSION = Pattern.compile("<Key>([^<]+)</Key><VersionId>([^<]+)</VersionId>");
    private static final int MOST_IN_PAGE = 100_000;

    private HttpResponse<String> send(String method, String path, String body) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(bucket + path))
                            .header("Authorization", "AWS4-HMAC-SHA256 Credential=" + accessKey + "/of-no-day")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    /** The keys of all objects. */
    List<String> keys() throws IOException {
        List<String> keys = new ArrayList<>();
        KEY.matcher(send("GET", "?list-type=2&max-keys=" + MOST_IN_PAGE, "").body())
                .results()
                .forEach(found -> keys.add(found.group(1)));
        return keys;
    }

    /** Tries to delete an object; the status of the answer. */
    int delete(String key) throws IOException {
        return send("DELETE", "/" + encoded(key), "").statusCode();
    }

    /** Tries to delete all versions of all objects; returns the keys of those that were. */
    List<String> deleteVersions() throws IOException {
        List<String> deleted = new ArrayList<>();
        String listing = send("GET", "?versions&max-keys=" + MOST_IN_PAGE, "").body();
        for (MatchResult found : VERSION.matcher(listing).results().toList()) {
            if (send("DELETE", "/" + encoded(found.group(1)) + "?versionId=" + found.group(2), "")
                            .statusCode()
                    < 300) {
                deleted.add(found.group(1));
            }
        }
        return deleted;
    }

    /** Begins an upload of parts, as a process does that is killed then; the status of the answer. */
    int beginUpload(String key) throws IOException {
        return send("POST", "/" + encoded(key) + "?uploads", "").statusCode();
    }

    /** Whether there are uploads that are not finished. */
    boolean hasUploads() throws IOException {
        return send("GET", "?uploads", "").body().contains("<Upload>");
    }

    /** Puts other content over an object; the status of the answer. */
    int overwrite(String key) throws IOException {
        return send("PUT", "/" + encoded(key), "rubbish").statusCode();
    }
}
