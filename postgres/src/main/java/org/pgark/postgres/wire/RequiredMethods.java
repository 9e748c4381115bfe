package org.pgark.postgres.wire;

import java.util.Arrays;
import java.util.List;

/** The ways of authentication that {@code require_auth} lets the server ask for. */
final class RequiredMethods {
    private final String text;
    private final List<String> names;

    RequiredMethods(String text) {
        this.text = text;
        this.names = text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",")).map(String::strip).toList();
    }

    void check(String method, String objection) throws AuthenticationException {
        boolean excluding = !names.isEmpty() && names.getFirst().startsWith("!");
        boolean allowed = names.isEmpty() || (excluding ? !names.contains("!" + method) : names.contains(method));
        if (!allowed) {
            throw new AuthenticationException(
                    "authentication method requirement \"" + text + "\" failed: " + objection);
        }
    }
}
