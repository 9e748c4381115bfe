package org.pgark.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.pgark.testkit.S3Policy;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The policies that docs/stores.md has to paste. */
final class DocumentedPolicy {
    private static final String INDENT = "    ";

    private DocumentedPolicy() {}

    /** That of a role, as it stands there. */
    static S3Policy of(String role) throws IOException {
        Path docs = Path.of(System.getProperty("pgark.home")).resolve("../../../docs/stores.md");
        List<String> lines = Files.readAllLines(docs);
        StringBuilder text = new StringBuilder();
        boolean found = false;
        for (String line : lines) {
            found |= line.contains("(policy `" + role + "`)");
            if (found && line.startsWith(INDENT)) {
                text.append(line).append('\n');
            } else if (!text.isEmpty()) {
                break;
            }
        }
        return parse(JsonMapper.builder().build().readTree(text.toString()));
    }

    /** Only what the service in the test understands: nothing that it would ignore. */
    private static S3Policy parse(JsonNode policy) throws IOException {
        List<S3Policy.Statement> statements = new ArrayList<>();
        for (JsonNode statement : policy.get("Statement")) {
            Set<String> names = new HashSet<>(statement.propertyNames());
            if (!names.equals(Set.of("Effect", "Action", "Resource"))
                    || !statement.get("Effect").asString().equals("Allow")) {
                throw new IOException("not understood: " + statement);
            }
            Set<String> actions = new HashSet<>();
            statement.get("Action").forEach(action -> actions.add(action.asString()));
            List<String> resources = new ArrayList<>();
            statement.get("Resource").forEach(resource -> resources.add(resource.asString()));
            statements.add(new S3Policy.Statement(actions, resources));
        }
        return new S3Policy(statements);
    }
}
