package org.pgark.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Why a test cannot run on this host. Where the variable {@code PGARK_TESTS_COMPLETE} is set, as continuous integration
 * does, nothing may be left out and an obstacle is a failure.
 */
public final class Obstacle {
    private static final boolean COMPLETE = System.getenv("PGARK_TESTS_COMPLETE") != null;

    private Obstacle() {}

    /** Empty if a program is there, else the reason for JUnit's assumptions. */
    public static String unlessThere(Path program, String hint) {
        return Files.isExecutable(program) ? "" : of("there is no " + program + ": " + hint);
    }

    /**
     * The reason for JUnit's assumptions.
     *
     * @throws IllegalStateException where nothing may be left out
     */
    public static String of(String reason) {
        if (COMPLETE) {
            throw new IllegalStateException(reason);
        }
        return reason;
    }
}
