package org.pgark.cli.upstream;

import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.PostgresMajor;

/**
 * The version of PostgreSQL whose programs ours stand in for, and whose files, syntax and rules they write: 18, or what
 * {@code --compat} or PGARK_COMPAT asks for.
 *
 * @param major the major version
 */
public record UpstreamVersion(PostgresMajor major) {
    /** The environment variable that chooses a version. */
    public static final String VARIABLE = "PGARK_COMPAT";

    private static final UpstreamVersion NEWEST = new UpstreamVersion(PostgresMajor.V18);

    static UpstreamVersion of(Map<String, String> environment) throws ProgramException {
        String text = environment.getOrDefault(VARIABLE, "");
        return text.isEmpty() ? NEWEST : parse(text, VARIABLE);
    }

    /**
     * The version that the text names, 13 to 18.
     *
     * @param option where the text was found, for the message
     */
    public static UpstreamVersion parse(String text, String option) throws ProgramException {
        Optional<PostgresMajor> major = Optional.empty();
        for (PostgresMajor candidate : PostgresMajor.values()) {
            if (text.strip().equals(String.valueOf(candidate.number()))) {
                major = Optional.of(candidate);
            }
        }
        return new UpstreamVersion(major.orElseThrow(
                () -> new ProgramException("invalid value \"" + text + "\" for " + option + ": it must be 13 to 18")));
    }

    /** For example {@code 18.6}: the release whose programs were the model. */
    public String release() {
        return switch (major) {
            case V13 -> "13.23";
            case V14 -> "14.24";
            case V15 -> "15.19";
            case V16 -> "16.15";
            case V17 -> "17.11";
            case V18 -> "18.6";
        };
    }
}
