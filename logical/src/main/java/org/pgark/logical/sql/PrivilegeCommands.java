package org.pgark.logical.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.pgark.logical.catalog.ArrayText;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.PrivilegeSql;
import org.pgark.logical.catalog.SqlWords;

/** Writes the GRANTs and REVOKEs that lead from one ACL to another, as {@code buildACLCommands} of pg_dump/dumputils.c does. */
public final class PrivilegeCommands implements PrivilegeSql {
    private final SqlWords words;
    private final PrivilegeLetters letters;
    private final int emulated;

    /**
     * Writes with these words.
     *
     * @param emulated the major version whose privileges are known
     */
    public PrivilegeCommands(SqlWords words, int emulated) {
        this.words = words;
        this.emulated = emulated;
        this.letters = new PrivilegeLetters(emulated);
    }

    @Override
    public String commands(
            String type, String name, String column, String schema, String owner, String granted, String base) {
        String target = (schema.isEmpty() ? "" : words.quote(schema) + ".") + name;
        try {
            return new Commands("", type, target, column, owner).between(granted, base);
        } catch (IllegalArgumentException e) {
            throw new DumpException("could not parse ACL list (" + granted + ") or default (" + base + ") for object \""
                    + name + "\" (" + type + ")");
        }
    }

    /**
     * ALTER DEFAULT PRIVILEGES.
     *
     * @param type what GRANT calls such objects ({@code TABLES})
     * @param schema name of the schema, "" for all
     */
    public String defaults(String type, String schema, String role, String granted, String base) {
        String prefix = "ALTER DEFAULT PRIVILEGES FOR ROLE " + words.quote(role) + " "
                + (schema.isEmpty() ? "" : "IN SCHEMA " + words.quote(schema) + " ");
        try {
            return new Commands(prefix, type, "", "", role).between(granted, base);
        } catch (IllegalArgumentException e) {
            throw new DumpException("could not parse default ACL list (" + granted + ")");
        }
    }

    private final class Commands {
        private final String prefix;
        private final String type;
        private final String target;
        private final String column;
        private final String owner;
        /** Revocations and what the owner has, which others' grants may rest on. */
        private final StringBuilder first = new StringBuilder();

        private final StringBuilder second = new StringBuilder();

        Commands(String prefix, String type, String target, String column, String owner) {
            this.prefix = prefix;
            this.type = type;
            // up to 15 default privileges have a space for the name that they lack
            this.target = target.isEmpty() && emulated >= 16 ? "" : target + " ";
            this.column = column.isEmpty() ? "" : "(" + column + ")";
            this.owner = owner;
        }

        String between(String granted, String base) {
            if (granted.isEmpty()) {
                return "";
            }
            List<String> now = elements(granted);
            List<String> before = elements(base);
            for (String item : before) {
                if (!now.contains(item)) {
                    revoke(parse(item));
                }
            }
            for (String item : now) {
                if (!before.contains(item)) {
                    grant(parse(item));
                }
            }
            return first.append(second).toString();
        }

        private void revoke(AclItem item) {
            List<String> all = new ArrayList<>();
            SequencedMap<Character, String> known = letters.of(type, !column.isEmpty());
            boolean complete = true;
            for (Map.Entry<Character, String> privilege : known.entrySet()) {
                if (item.has(privilege.getKey())) {
                    all.add(privilege.getValue() + column);
                } else {
                    complete = false;
                }
            }
            if (complete) {
                all = List.of("ALL" + column);
            }
            if (!all.isEmpty()) {
                first.append(prefix + "REVOKE " + String.join(",", all) + " ON " + type + " " + target + "FROM "
                        + role(item.grantee()) + ";\n");
            }
        }

        private void grant(AclItem item) {
            List<String> plain = new ArrayList<>();
            List<String> grantable = new ArrayList<>();
            SequencedMap<Character, String> known = letters.of(type, !column.isEmpty());
            for (Map.Entry<Character, String> privilege : known.entrySet()) {
                if (item.has(privilege.getKey())) {
                    (item.mayGrant(privilege.getKey()) ? grantable : plain).add(privilege.getValue() + column);
                }
            }
            if (plain.size() == known.size()) {
                plain = List.of("ALL" + column);
            } else if (grantable.size() == known.size()) {
                grantable = List.of("ALL" + column);
            }
            if (plain.isEmpty() && grantable.isEmpty()) {
                return;
            }
            String grantor = item.grantor().isEmpty() ? owner : item.grantor();
            boolean ownGrant = !owner.isEmpty() && item.grantee().equals(owner) && grantor.equals(owner);
            StringBuilder sql = ownGrant ? first : second;
            boolean foreign = !grantor.isEmpty() && !grantor.equals(owner);
            if (foreign) {
                sql.append("SET SESSION AUTHORIZATION " + words.quote(grantor) + ";\n");
            }
            String grantee = target + "TO " + role(item.grantee());
            if (!plain.isEmpty()) {
                sql.append(prefix + "GRANT " + String.join(",", plain) + " ON " + type + " " + grantee + ";\n");
            }
            if (!grantable.isEmpty()) {
                sql.append(prefix + "GRANT " + String.join(",", grantable) + " ON " + type + " " + grantee
                        + " WITH GRANT OPTION;\n");
            }
            if (foreign) {
                sql.append("RESET SESSION AUTHORIZATION;\n");
            }
        }

        private String role(String name) {
            return name.isEmpty() ? "PUBLIC" : words.quote(name);
        }

        private static AclItem parse(String item) {
            return AclItem.parse(item).orElseThrow(() -> new IllegalArgumentException(item));
        }

        private static List<String> elements(String acl) {
            try {
                return ArrayText.elements(acl);
            } catch (DumpException e) {
                throw new IllegalArgumentException(acl, e);
            }
        }
    }
}
