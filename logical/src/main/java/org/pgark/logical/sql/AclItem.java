package org.pgark.logical.sql;

import java.util.Optional;

/**
 * One aclitem as the server prints it: {@code grantee=privileges/grantor}.
 *
 * @param grantee who has the privileges; "" for everybody
 * @param letters a letter for each privilege, with a star behind it where it may be granted on
 * @param grantor who granted them
 */
record AclItem(String grantee, String letters, String grantor) {
    /** Reads the text, or returns nothing where it is no aclitem. */
    static Optional<AclItem> parse(String text) {
        StringBuilder grantee = new StringBuilder();
        int equals = readName(text, 0, grantee);
        if (equals >= text.length() || text.charAt(equals) != '=') {
            return Optional.empty();
        }
        int slash = text.indexOf('/', equals);
        if (slash < 0) {
            return Optional.empty();
        }
        StringBuilder grantor = new StringBuilder();
        if (readName(text, slash + 1, grantor) != text.length()) {
            return Optional.empty();
        }
        return Optional.of(new AclItem(grantee.toString(), text.substring(equals + 1, slash), grantor.toString()));
    }

    /** Reads a role's name up to an unquoted equals sign, and returns where it ends. */
    private static int readName(String text, int from, StringBuilder name) {
        boolean quoted = false;
        int at = from;
        while (at < text.length()) {
            char letter = text.charAt(at);
            if (letter == '"') {
                if (quoted && at + 1 < text.length() && text.charAt(at + 1) == '"') {
                    name.append('"');
                    at++;
                } else {
                    quoted = !quoted;
                }
            } else if (letter == '=' && !quoted) {
                return at;
            } else {
                name.append(letter);
            }
            at++;
        }
        return at;
    }

    boolean has(char privilege) {
        return letters.indexOf(privilege) >= 0;
    }

    /** Whether the grantee may grant the privilege to others. */
    boolean mayGrant(char privilege) {
        return letters.indexOf(privilege + "*") >= 0;
    }
}
