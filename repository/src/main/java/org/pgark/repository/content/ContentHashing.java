package org.pgark.repository.content;

import java.util.Optional;
import java.util.stream.Stream;

/** How the content hashes of a repository are made; a repository keeps to the one that it was made with. */
public enum ContentHashing {
    /** HMAC-SHA-256 of each unit. */
    HMAC("hmac-sha-256"),
    /** HMAC-SHA-256 of the {@link NhHash} of each unit of full length, some six times as fast. */
    NH_HMAC("nh-hmac-sha-256");

    private final String text;

    ContentHashing(String text) {
        this.text = text;
    }

    /** What the object {@code repository} calls it. */
    public String text() {
        return text;
    }

    /** The one of that name. */
    public static Optional<ContentHashing> of(String text) {
        return Stream.of(values()).filter(one -> one.text.equals(text)).findFirst();
    }
}
