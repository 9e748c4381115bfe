package org.pgark.cli.configuration;

/**
 * One thing that is wrong in a configuration.
 *
 * @param location where it stands; empty place where it is nowhere in particular
 * @param message in lower case, without a full stop
 * @param hint a sentence, or empty
 */
public record Problem(Location location, String message, String hint) {
    private static final Location NOWHERE = new Location("", 0, 0);

    /** A problem of the configuration as a whole. */
    static Problem of(String message, String hint) {
        return new Problem(NOWHERE, message, hint);
    }

    /** Place and message, without the hint. */
    @Override
    public String toString() {
        return location.place().isEmpty() ? message : location + ": " + message;
    }
}
