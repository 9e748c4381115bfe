package org.pgark.storage.bucket;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header by which a service says which part of an object it sends (RFC 9110, section 14.4). */
public final class ContentRange {
    private static final Pattern FORM = Pattern.compile("bytes [0-9]+-[0-9]+/([0-9]{1,18})");

    private ContentRange() {}

    /** The size of the whole object in bytes; empty if there is no header or it does not say. */
    public static OptionalLong size(@Nullable String header) {
        if (header == null) {
            return OptionalLong.empty();
        }
        Matcher matcher = FORM.matcher(header);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }
}
