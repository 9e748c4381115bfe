package org.pgark.cli.configuration;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be followed (exit code 2). The message has a line for every problem, the first one first. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<Problem> problems;

    ConfigurationException(List<Problem> problems) {
        super(problems.stream()
                .sorted(Comparator.comparing(Problem::location))
                .map(Problem::toString)
                .collect(Collectors.joining("\n")));
        this.problems = problems.stream()
                .sorted(Comparator.comparing(Problem::location))
                .toList();
    }

    ConfigurationException(Problem problem) {
        this(List.of(problem));
    }

    /** All problems, in the order of their places. */
    public List<Problem> problems() {
        return problems;
    }
}
