package org.pgark.agent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * When what failed is tried again without being asked for: after a second, then after twice as long each time, up to half
 * a minute. For one thread at a time.
 */
final class Retries {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final Map<String, Pause> pauses = new HashMap<>();

    Retries(InstantSource clock) {
        this.clock = clock;
    }

    /** It failed. */
    void failed(String name) {
        Pause before = pauses.get(name);
        Duration length = before == null ? FIRST : before.length.multipliedBy(2);
        if (length.compareTo(LONGEST) > 0) {
            length = LONGEST;
        }
        pauses.put(name, new Pause(clock.instant().plus(length), length));
    }

    /** It was done. */
    void succeeded(String name) {
        pauses.remove(name);
    }

    /** Whether it may be tried now. */
    boolean mayTry(String name) {
        Pause pause = pauses.get(name);
        if (pause == null) {
            return true;
        }
        // A clock that was put back must not make a pause of a second one of a day.
        Duration left = Duration.between(clock.instant(), pause.end);
        return !left.isPositive() || left.compareTo(pause.length) > 0;
    }

    private record Pause(Instant end, Duration length) {}
}
