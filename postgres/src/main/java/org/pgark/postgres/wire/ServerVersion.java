package org.pgark.postgres.wire;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads texts such as {@code 15.18 (Debian 15.18-0+deb12u1)} or {@code 19devel}. */
final class ServerVersion {
    private static final Pattern FORM = Pattern.compile("(\\d{1,4})(?:\\.(\\d{1,4}))?(?:\\.(\\d{1,4}))?");

    private ServerVersion() {}

    static int number(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.lookingAt()) {
            return 0;
        }
        int first = Integer.parseInt(matcher.group(1));
        int second = part(matcher, 2);
        return first >= 10 ? first * 10_000 + second : (first * 100 + second) * 100 + part(matcher, 3);
    }

    private static int part(Matcher matcher, int group) {
        String text = matcher.group(group);
        return text == null ? 0 : Integer.parseInt(text);
    }
}
