package org.pgark.embedded;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a cluster is made with.
 *
 * @param checksums whether pages carry checksums
 * @param walSegmentMegabytes the size of a WAL segment in MiB, a power of two from 1 to 1024
 * @param settings lines for postgresql.conf, by name, in their order
 * @param password of the superuser; empty for a server that everybody on this host may enter
 */
public record ClusterOptions(
        boolean checksums, int walSegmentMegabytes, Map<String, String> settings, String password) {
    /** Checksums, segments of 16 MiB, and settings for a small server that does not wait for the disk. */
    public static final ClusterOptions DEFAULT = new ClusterOptions(true, 16, smallServer(), "");

    public ClusterOptions {
        if (Integer.bitCount(walSegmentMegabytes) != 1 || walSegmentMegabytes < 1 || walSegmentMegabytes > 1024) {
            throw new IllegalArgumentException(
                    "invalid WAL segment size " + walSegmentMegabytes + " MiB, must be a power of two from 1 to 1024");
        }
        settings =
                Collections.unmodifiableMap(new LinkedHashMap<>(Objects.requireNonNull(settings, "settings is null")));
    }

    /** The same with or without page checksums. */
    public ClusterOptions withChecksums(boolean on) {
        return new ClusterOptions(on, walSegmentMegabytes, settings, password);
    }

    /** The same with another size of WAL segments. */
    public ClusterOptions withWalSegmentMegabytes(int megabytes) {
        return new ClusterOptions(checksums, megabytes, settings, password);
    }

    /** The same with one setting added or replaced. */
    public ClusterOptions with(String setting, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(setting, value);
        return new ClusterOptions(checksums, walSegmentMegabytes, more, password);
    }

    /** The same with a password, so that nobody else on this host can enter. */
    public ClusterOptions withPassword(String secret) {
        return new ClusterOptions(checksums, walSegmentMegabytes, settings, secret);
    }

    /** Does not show the password. */
    @Override
    public String toString() {
        return "ClusterOptions[checksums=" + checksums + ", walSegmentMegabytes=" + walSegmentMegabytes + ", settings="
                + settings + "]";
    }

    private static Map<String, String> smallServer() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("shared_buffers", "32MB");
        settings.put("max_connections", "40");
        settings.put("fsync", "off");
        settings.put("track_commit_timestamp", "on");
        settings.put("log_line_prefix", "%m [%p] ");
        return settings;
    }
}
