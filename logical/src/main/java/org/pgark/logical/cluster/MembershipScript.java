package org.pgark.logical.cluster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SqlWords;

/** Writes memberships of roles. From 16 on each has a grantor, who must have got the right to grant before. */
final class MembershipScript {
    private static final long BOOTSTRAP_SUPERUSER = 10;

    private final CatalogSession session;
    private final SqlWords words;
    private final String roleCatalog;
    private final boolean granted;
    private final boolean naive;
    private final DumpListener listener;
    private final StringBuilder text = new StringBuilder();

    MembershipScript(CatalogSession session, SqlWords words, int emulated, String roleCatalog, DumpListener listener) {
        this.session = session;
        this.words = words;
        this.roleCatalog = roleCatalog;
        this.granted = session.serverVersion() >= 160000 && emulated >= 16;
        this.naive = emulated < 16;
        this.listener = listener;
    }

    String text() {
        List<Row> rows = session.rows("""
            SELECT ur.rolname AS role, um.rolname AS member, ug.rolname AS grantor, a.roleid, a.member AS memberid,
              a.grantor AS grantorid, a.admin_option %s
            FROM pg_auth_members a
            LEFT JOIN %s ur ON ur.oid = a.roleid
            LEFT JOIN %s um ON um.oid = a.member
            LEFT JOIN %s ug ON ug.oid = a.grantor
            WHERE NOT (ur.rolname ~ '^pg_' AND um.rolname ~ '^pg_') ORDER BY 1, 2, 3\
            """.formatted(
                        granted ? ", a.inherit_option, a.set_option" : "", roleCatalog, roleCatalog, roleCatalog));
        if (!rows.isEmpty()) {
            text.append("--\n-- Role memberships\n--\n\n");
        }
        Map<String, List<Row>> byRole = new LinkedHashMap<>();
        for (Row row : rows) {
            if (row.isAbsent("role")) {
                listener.warning("ignoring role grant for missing role with OID " + row.text("roleid"));
                break;
            }
            byRole.computeIfAbsent(row.text("role"), role -> new ArrayList<>()).add(row);
        }
        byRole.forEach(this::writeRole);
        return text.append("\n\n").toString();
    }

    private void writeRole(String role, List<Row> memberships) {
        Set<String> mayGrant = new HashSet<>();
        List<Row> remaining = new ArrayList<>(memberships);
        while (!remaining.isEmpty()) {
            List<Row> later = new ArrayList<>();
            for (Row row : remaining) {
                if (row.isAbsent("member")) {
                    listener.warning("ignoring role grant to missing role with OID " + row.text("memberid"));
                } else if (isTooEarly(row, mayGrant)) {
                    later.add(row);
                } else {
                    if (row.flag("admin_option")) {
                        mayGrant.add(row.text("member"));
                    }
                    write(role, row);
                }
            }
            if (later.size() == remaining.size()) {
                throw new DumpException(
                        "could not find a legal dump ordering for memberships in role \"" + role + "\"");
            }
            remaining = later;
        }
    }

    private boolean isTooEarly(Row row, Set<String> mayGrant) {
        return granted
                && !row.isAbsent("grantor")
                && row.oid("grantorid") != BOOTSTRAP_SUPERUSER
                && !mayGrant.contains(row.text("grantor"));
    }

    private void write(String role, Row row) {
        List<String> options = new ArrayList<>();
        if (row.flag("admin_option")) {
            options.add("ADMIN OPTION");
        }
        if (granted) {
            options.add(row.flag("inherit_option") ? "INHERIT TRUE" : "INHERIT FALSE");
            if (!row.flag("set_option")) {
                options.add("SET FALSE");
            }
        }
        text.append("GRANT " + words.quote(role) + " TO " + words.quote(row.text("member")));
        text.append(options.isEmpty() ? "" : " WITH " + String.join(", ", options));
        if (granted && row.isAbsent("grantor")) {
            listener.warning("grant of role \"" + role + "\" to \"" + row.text("member") + "\" has invalid grantor OID "
                    + row.text("grantorid"));
            listener.detail("This grant will be dumped without GRANTED BY.");
        } else if (granted || (naive && !row.isAbsent("grantor"))) {
            // up to 15 whoever is written here, the server takes the one who restores
            text.append(" GRANTED BY " + words.quote(row.text("grantor")));
        }
        text.append(";\n");
    }
}
