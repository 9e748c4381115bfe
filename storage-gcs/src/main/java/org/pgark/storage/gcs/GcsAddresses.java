package org.pgark.storage.gcs;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The addresses of one bucket and what is in it.
 *
 * @param base of the service, without a slash at the end
 * @param bucket its name
 */
record GcsAddresses(String base, String bucket) {
    /** Where objects are listed. */
    URI objects(Map<String, String> query) {
        return URI.create(base + "/storage/v1/b/" + encode(bucket) + "/o" + text(query));
    }

    /** An object. */
    URI object(String key, Map<String, String> query) {
        return URI.create(base + "/storage/v1/b/" + encode(bucket) + "/o/" + encode(key) + text(query));
    }

    /** Where objects are created. */
    URI uploads(Map<String, String> query) {
        return URI.create(base + "/upload/storage/v1/b/" + encode(bucket) + "/o" + text(query));
    }

    private static String text(Map<String, String> query) {
        return query.isEmpty()
                ? ""
                : query.entrySet().stream()
                        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
