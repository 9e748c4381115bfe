package org.pgark.physical.several;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;

/** Which of several repositories must have something before it counts as kept. */
public sealed interface Requirement {
    /** Every one of them. */
    record All() implements Requirement {
        @Override
        public String toString() {
            return "all";
        }
    }

    /** Whichever is first. */
    record Any() implements Requirement {
        @Override
        public String toString() {
            return "any";
        }
    }

    /**
     * A certain one; the others get it too, but nobody waits for them.
     *
     * @param repository its name
     */
    record One(String repository) implements Requirement {
        public One {
            Objects.requireNonNull(repository, "repository is null");
        }

        @Override
        public String toString() {
            return repository;
        }
    }

    /** As the configuration says it: {@code all}, {@code any}, or a name. */
    static Requirement parse(String word) {
        return switch (word) {
            case "all" -> new All();
            case "any" -> new Any();
            default -> new One(word);
        };
    }

    /**
     * Whether it is met.
     *
     * @param having the names of those that have it
     * @param all the names of all
     */
    default boolean isMet(Set<String> having, Collection<String> all) {
        return switch (this) {
            case All() -> having.containsAll(all);
            case Any() -> all.stream().anyMatch(having::contains);
            case One(String repository) -> having.contains(repository);
        };
    }

    /** Whether it cannot be met without this one. */
    default boolean needs(String repository) {
        return switch (this) {
            case All() -> true;
            case Any() -> false;
            case One(String name) -> name.equals(repository);
        };
    }
}
