package org.pgark.embedded;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The programs of one PostgreSQL version.
 *
 * @param major the major version, for example 18
 * @param version the whole version as its packager writes it, for example {@code 18.6.0}, or the major version alone
 * @param bin the folder that holds {@code postgres}, {@code initdb} and {@code pg_ctl}
 */
public record Installation(int major, String version, Path bin) {
    public Installation {
        if (major < 10 || major > 99) {
            throw new IllegalArgumentException("invalid PostgreSQL major version " + major);
        }
        Objects.requireNonNull(version, "version is null");
        Objects.requireNonNull(bin, "bin is null");
    }

    /** The path of one of its programs. */
    public Path program(String name) {
        return bin.resolve(name);
    }
}
