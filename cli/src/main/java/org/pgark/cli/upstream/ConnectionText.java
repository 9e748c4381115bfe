package org.pgark.cli.upstream;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A connection string that more is said in: what comes later counts. */
public final class ConnectionText {
    private final StringBuilder text;
    private final boolean uri;

    /** Begins with a connection string, or with nothing. */
    public ConnectionText(String given) {
        this.text = new StringBuilder(given);
        this.uri = given.startsWith("postgres://") || given.startsWith("postgresql://");
    }

    /** Says one thing more. */
    public ConnectionText with(String keyword, String value) {
        if (uri) {
            text.append(text.indexOf("?") < 0 ? '?' : '&').append(keyword).append('=');
            text.append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        } else {
            text.append(text.isEmpty() ? "" : " ").append(keyword).append("='");
            text.append(value.replace("\\", "\\\\").replace("'", "\\'")).append('\'');
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
