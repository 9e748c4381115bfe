package org.pgark.postgres.datadir;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a relation's file, for example {@code 16384}, {@code 16384.1}, {@code 1249_fsm}.
 *
 * @param relation the relation's file number, to be read as unsigned
 * @param fork which of its forks
 * @param segment 0 for the first file of the fork, 1 for the one with {@code .1}
 */
public record RelationFileName(int relation, Fork fork, int segment) {
    private static final Pattern PERMANENT =
            Pattern.compile("([1-9][0-9]{0,9})(_fsm|_vm|_init)?(?:\\.([1-9][0-9]{0,5}))?");
    private static final Pattern TEMPORARY = Pattern.compile("t[0-9]+_[0-9]+(?:_fsm|_vm|_init)?(?:\\.[0-9]+)?");

    /** Reads a name; empty if it is not that of a permanent relation's file. */
    public static Optional<RelationFileName> parse(String name) {
        Matcher matcher = PERMANENT.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long relation = Long.parseLong(matcher.group(1));
        if (relation > 0xFFFF_FFFFL) {
            return Optional.empty();
        }
        String segment = matcher.group(3);
        return Optional.of(new RelationFileName(
                (int) relation, fork(matcher.group(2)), segment == null ? 0 : Integer.parseInt(segment)));
    }

    private static Fork fork(@Nullable String suffix) {
        if (suffix == null) {
            return Fork.MAIN;
        }
        return switch (suffix) {
            case "_fsm" -> Fork.FREE_SPACE_MAP;
            case "_vm" -> Fork.VISIBILITY_MAP;
            case "_init" -> Fork.INIT;
            default -> throw new IllegalArgumentException("no fork has the suffix \"" + suffix + "\"");
        };
    }

    /** Whether a name is that of a temporary relation's file, for example {@code t3_16450_fsm.1}. */
    public static boolean isTemporary(String name) {
        return TEMPORARY.matcher(name).matches();
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(relation) + fork.suffix() + (segment == 0 ? "" : "." + segment);
    }
}
