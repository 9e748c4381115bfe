package org.pgark.physical.recovery;

import java.util.Objects;
import org.pgark.postgres.Timeline;

/** Along which timeline recovery shall go ({@code recovery_target_timeline}). */
public sealed interface TimelineChoice {
    /** The newest timeline that descends from a usable backup. */
    TimelineChoice LATEST = new Latest();

    /** The timeline on which the backup was taken. */
    TimelineChoice CURRENT = new Current();

    /** See {@link #LATEST}. */
    record Latest() implements TimelineChoice {}

    /** See {@link #CURRENT}. */
    record Current() implements TimelineChoice {}

    /** This timeline and no other. */
    record Numbered(Timeline timeline) implements TimelineChoice {
        public Numbered {
            Objects.requireNonNull(timeline, "timeline is null");
        }
    }

    /**
     * Reads {@code latest}, {@code current}, or a number, decimal or hexadecimal after {@code 0x}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    static TimelineChoice parse(String text) {
        return switch (text) {
            case "latest" -> LATEST;
            case "current" -> CURRENT;
            default -> new Numbered(number(text));
        };
    }

    private static Timeline number(String text) {
        try {
            return new Timeline(
                    text.startsWith("0x") ? Integer.parseInt(text.substring(2), 16) : Integer.parseInt(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "invalid timeline \"" + text + "\", must be \"latest\", \"current\" or a number of 1 or more", e);
        }
    }
}
