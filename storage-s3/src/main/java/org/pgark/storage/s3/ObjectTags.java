package org.pgark.storage.s3;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Tags that every object gets.
 *
 * @param tags by name
 */
record ObjectTags(Map<String, String> tags) {
    private static final int MOST = 10;
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_VALUE = 256;

    /** Of {@code name=value,name=value}. */
    static ObjectTags parse(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String tag : text.split(",", -1)) {
            int equals = tag.indexOf('=');
            String name = equals < 0 ? "" : tag.substring(0, equals).strip();
            String value = tag.substring(equals + 1).strip();
            if (name.isEmpty()
                    || name.length() > LONGEST_NAME
                    || value.length() > LONGEST_VALUE
                    || tags.put(name, value) != null
                    || tags.size() > MOST) {
                throw new IllegalArgumentException("invalid value \"" + text
                        + "\" of \"tags\", must be like \"team=dba,tier=backup\", with at most 10 different names");
            }
        }
        return new ObjectTags(tags);
    }

    /** As a request carries them. */
    String header() {
        return tags.entrySet().stream()
                .map(tag -> encoded(tag.getKey()) + "=" + encoded(tag.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
