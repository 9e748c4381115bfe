package org.pgark.testkit;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a key of {@link S3Vault} may do, as a policy of AWS says it: statements that allow, and none that deny.
 *
 * @param statements each allows its actions on its resources
 */
public record S3Policy(List<Statement> statements) {
    /** Whoever has it may do everything. */
    public static final S3Policy EVERYTHING = new S3Policy(List.of(new Statement(Set.of("s3:*"), List.of("*"))));

    public S3Policy {
        statements = List.copyOf(statements);
    }

    /**
     * A part of a policy.
     *
     * @param actions names like {@code s3:GetObject}
     * @param resources names like {@code arn:aws:s3:::bucket/prefix/*}, with stars
     */
    public record Statement(Set<String> actions, List<String> resources) {
        public Statement {
            actions = Set.copyOf(actions);
            resources = List.copyOf(resources);
        }

        private boolean allows(String action, String resource) {
            return (actions.contains(action) || actions.contains("s3:*"))
                    && resources.stream()
                            .anyMatch(pattern -> Pattern.compile(java.util.Arrays.stream(pattern.split("\\*", -1))
                                            .map(Pattern::quote)
                                            .collect(Collectors.joining(".*")))
                                    .matcher(resource)
                                    .matches());
        }
    }

    boolean allows(String action, String resource) {
        return statements.stream().anyMatch(statement -> statement.allows(action, resource));
    }

    /** All actions that it names. */
    public Set<String> actions() {
        return statements.stream()
                .flatMap(statement -> statement.actions().stream())
                .collect(Collectors.toSet());
    }
}
