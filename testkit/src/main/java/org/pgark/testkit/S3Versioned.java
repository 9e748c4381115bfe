package org.pgark.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** The objects of {@link S3Vault}, with all their versions; of each key the newest last. For one thread at a time. */
final class S3Versioned {
    private final TreeMap<String, List<Version>> keys = new TreeMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** A version, or the mark that an object was deleted. */
    static final class Version {
        final String id;
        final boolean mark;
        Instant time;
        final byte[] content;
        final Map<String, String> headers;
        String mode = "";
        Instant lockedUntil = Instant.MIN;

        Version(String id, boolean mark, Instant time, byte[] content, Map<String, String> headers) {
            this.id = id;
            this.mark = mark;
            this.time = time;
            this.content = content;
            this.headers = headers;
        }

        boolean isLocked(Instant now) {
            return lockedUntil.isAfter(now);
        }
    }

    Version add(String key, Instant time, byte[] content, Map<String, String> headers) {
        Version version = new Version("v" + numbers.incrementAndGet(), false, time, content, headers);
        keys.computeIfAbsent(key, _ -> new ArrayList<>()).add(version);
        return version;
    }

    Version mark(String key, Instant time) {
        Version mark = new Version("v" + numbers.incrementAndGet(), true, time, new byte[0], new LinkedHashMap<>());
        keys.computeIfAbsent(key, _ -> new ArrayList<>()).add(mark);
        return mark;
    }

    void age(Duration by) {
        for (List<Version> versions : keys.values()) {
            for (Version version : versions) {
                version.time = version.time.minus(by);
                version.lockedUntil = version.lockedUntil.isAfter(Instant.EPOCH)
                        ? version.lockedUntil.minus(by)
                        : version.lockedUntil;
            }
        }
    }

    /** A version by its id; where none is said, the newest. */
    Optional<Version> find(String key, String id) {
        List<Version> versions = keys.getOrDefault(key, List.of());
        if (id.isEmpty()) {
            return versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast());
        }
        return versions.stream().filter(version -> version.id.equals(id)).findFirst();
    }

    void remove(String key, Version version) {
        List<Version> versions = keys.getOrDefault(key, List.of());
        versions.remove(version);
        if (versions.isEmpty()) {
            keys.remove(key);
        }
    }

    /** An entry of a listing. */
    record Listed(String key, Version version, boolean latest) {}

    /** All versions of the keys with a prefix, each key's newest first. */
    List<Listed> list(String prefix) {
        List<Listed> listed = new ArrayList<>();
        for (Map.Entry<String, List<Version>> entry : keys.tailMap(prefix, true).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            for (Version version : entry.getValue().reversed()) {
                listed.add(new Listed(
                        entry.getKey(), version, version == entry.getValue().getLast()));
            }
        }
        return listed;
    }

    /** The objects that there were at an instant: what was made since is not among them, what was deleted since is. */
    List<Listed> list(String prefix, Instant asOf) {
        List<Listed> listed = new ArrayList<>();
        for (Map.Entry<String, List<Version>> entry : keys.tailMap(prefix, true).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            entry.getValue().reversed().stream()
                    .filter(version -> !version.time.isAfter(asOf))
                    .findFirst()
                    .filter(version -> !version.mark)
                    .ifPresent(version -> listed.add(new Listed(entry.getKey(), version, true)));
        }
        return listed;
    }
}
