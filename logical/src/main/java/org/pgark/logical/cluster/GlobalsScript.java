package org.pgark.logical.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.DumpListener;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SettingSql;
import org.pgark.logical.catalog.SqlWords;
import org.pgark.logical.sql.PrivilegeCommands;

/** Writes the parts of a script that belong to no database, as pg_dumpall does; each method reads one kind of object. */
public final class GlobalsScript {
    private static final String SETTINGS = "--\n-- User Configurations\n--\n";

    private final CatalogSession session;
    private final SqlWords words;
    private final GlobalsOptions options;
    private final DumpListener listener;
    private final PrivilegeCommands privileges;

    /** Reads from this session. */
    public GlobalsScript(CatalogSession session, SqlWords words, GlobalsOptions options, DumpListener listener) {
        this.session = session;
        this.words = words;
        this.options = options;
        this.listener = listener;
        this.privileges = new PrivilegeCommands(words, options.emulated());
    }

    /** Where roles are read: pg_authid also tells passwords, and only superusers may read it. */
    private String roleCatalog() {
        return options.passwords() ? "pg_authid" : "pg_roles";
    }

    private static String heading(String title) {
        return "--\n-- " + title + "\n--\n\n";
    }

    private String dropped(String title, String command, List<Row> rows) {
        StringBuilder text = new StringBuilder(rows.isEmpty() ? "" : heading(title));
        for (Row row : rows) {
            text.append(command + (options.ifExists() ? " IF EXISTS " : " ") + words.quote(row.text("name")) + ";\n");
        }
        return text.append("\n\n").toString();
    }

    /** DROP DATABASE for all but those that every server has. */
    public String dropDatabases() {
        List<Row> rows = session.rows(
                "SELECT datname AS name FROM pg_database d WHERE datallowconn AND datconnlimit != -2 ORDER BY datname");
        List<Row> own = rows.stream()
                .filter(row -> !List.of("template1", "template0", "postgres").contains(row.text("name")))
                .toList();
        String title = heading("Drop databases (except postgres and template1)");
        return own.isEmpty() && !rows.isEmpty()
                ? title + "\n\n"
                : dropped("Drop databases (except postgres and template1)", "DROP DATABASE", own);
    }

    /** DROP TABLESPACE. */
    public String dropTablespaces() {
        return dropped(
                "Drop tablespaces",
                "DROP TABLESPACE",
                session.rows(
                        "SELECT spcname AS name FROM pg_catalog.pg_tablespace WHERE spcname !~ '^pg_' ORDER BY 1"));
    }

    /** DROP ROLE. */
    public String dropRoles() {
        return dropped(
                "Drop roles",
                "DROP ROLE",
                session.rows("SELECT rolname AS name FROM " + roleCatalog() + " WHERE rolname !~ '^pg_' ORDER BY 1"));
    }

    /** Roles and their settings. */
    public String roles() {
        List<Row> rows = session.rows("""
            SELECT oid, rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolconnlimit, rolpassword,
              rolvaliduntil, rolreplication, rolbypassrls, pg_catalog.shobj_description(oid, 'pg_authid') AS comment
            FROM %s WHERE rolname !~ '^pg_' ORDER BY 2\
            """.formatted(roleCatalog()));
        StringBuilder text = new StringBuilder(rows.isEmpty() ? "" : heading("Roles"));
        Map<Long, StringBuilder> labels = labels("pg_authid", "ROLE", rows, "rolname");
        for (Row row : rows) {
            String role = words.quote(row.text("rolname"));
            text.append("CREATE ROLE " + role + ";\nALTER ROLE " + role + " WITH" + attributes(row) + ";\n");
            if (options.comments() && !row.isAbsent("comment")) {
                text.append("COMMENT ON ROLE " + role + " IS " + words.markedLiteral(row.text("comment")) + ";\n");
            }
            text.append(labels.getOrDefault(row.oid("oid"), new StringBuilder()));
        }
        if (!rows.isEmpty() && !repeatsHeading()) {
            text.append("\n" + SETTINGS);
        }
        return text.append(settings()).append("\n\n").toString();
    }

    private String attributes(Row row) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> attribute : List.of(
                Map.entry("rolsuper", "SUPERUSER"),
                Map.entry("rolinherit", "INHERIT"),
                Map.entry("rolcreaterole", "CREATEROLE"),
                Map.entry("rolcreatedb", "CREATEDB"),
                Map.entry("rolcanlogin", "LOGIN"),
                Map.entry("rolreplication", "REPLICATION"),
                Map.entry("rolbypassrls", "BYPASSRLS"))) {
            text.append(row.flag(attribute.getKey()) ? " " : " NO").append(attribute.getValue());
        }
        if (row.integer("rolconnlimit") != -1) {
            text.append(" CONNECTION LIMIT " + row.text("rolconnlimit"));
        }
        if (options.passwords() && !row.isAbsent("rolpassword")) {
            text.append(" PASSWORD " + words.markedLiteral(row.text("rolpassword")));
        }
        if (!row.isAbsent("rolvaliduntil")) {
            text.append(" VALID UNTIL '" + row.text("rolvaliduntil") + "'");
        }
        return text.toString();
    }

    /** Up to 14 each role with settings has the heading of all. */
    private boolean repeatsHeading() {
        return options.emulated() < 15;
    }

    private String settings() {
        StringBuilder text = new StringBuilder();
        String previous = "";
        for (Row row : session.rows("""
            SELECT rolname, unnest(setconfig) AS setting FROM pg_db_role_setting JOIN %s r ON r.oid = setrole
            WHERE setdatabase = 0 AND rolname !~ '^pg_' ORDER BY rolname\
            """.formatted(roleCatalog()))) {
            String role = row.text("rolname");
            if (text.isEmpty() || !role.equals(previous)) {
                text.append(repeatsHeading() ? SETTINGS + "\n" : "\n");
                text.append("--\n-- User Config \"" + oneLine(role) + "\"\n--\n\n");
                previous = role;
            }
            SettingSql.ofDatabaseOrRole(row.text("setting"), words)
                    .ifPresent(set -> text.append("ALTER ROLE " + words.quote(role) + " " + set + ";\n"));
        }
        return text.toString();
    }

    /** Which role is a member of which, with the options of 16. */
    public String memberships() {
        return new MembershipScript(session, words, options.emulated(), roleCatalog(), listener).text();
    }

    /** Privileges on parameters, which servers know from 15 on. */
    public String parameters() {
        List<Row> rows = session.rows("""
            SELECT parname, pg_catalog.pg_get_userbyid(10) AS owner, paracl, pg_catalog.acldefault('p', 10) AS acldefault
            FROM pg_catalog.pg_parameter_acl ORDER BY 1\
            """);
        StringBuilder text =
                new StringBuilder(rows.isEmpty() ? "" : heading("Role privileges on configuration parameters"));
        for (Row row : rows) {
            text.append(privileges.commands(
                    "PARAMETER",
                    words.quote(row.text("parname")),
                    "",
                    "",
                    row.text("owner"),
                    row.text("paracl"),
                    row.text("acldefault")));
        }
        return text.append("\n\n").toString();
    }

    /** Tablespaces. */
    public String tablespaces() {
        List<Row> rows = session.rows("""
            SELECT oid, spcname, pg_catalog.pg_get_userbyid(spcowner) AS owner,
              pg_catalog.pg_tablespace_location(oid) AS location, spcacl, acldefault('t', spcowner) AS acldefault,
              array_to_string(spcoptions, ', ') AS options, pg_catalog.shobj_description(oid, 'pg_tablespace') AS comment
            FROM pg_catalog.pg_tablespace WHERE spcname !~ '^pg_' ORDER BY 1\
            """);
        StringBuilder text = new StringBuilder(rows.isEmpty() ? "" : heading("Tablespaces"));
        Map<Long, StringBuilder> labels = labels("pg_tablespace", "TABLESPACE", rows, "spcname");
        for (Row row : rows) {
            String name = words.quote(row.text("spcname"));
            // One that lies inside the data directory has a relative path, and is made anew inside.
            String location = row.text("location").startsWith("/") ? row.text("location") : "";
            text.append("CREATE TABLESPACE " + name + " OWNER " + words.quote(row.text("owner")) + " LOCATION "
                    + words.markedLiteral(location) + ";\n");
            if (!row.text("options").isEmpty()) {
                text.append("ALTER TABLESPACE " + name + " SET (" + row.text("options") + ");\n");
            }
            if (options.privileges()) {
                text.append(privileges.commands(
                        "TABLESPACE", name, "", "", row.text("owner"), row.text("spcacl"), row.text("acldefault")));
            }
            if (options.comments() && !row.text("comment").isEmpty()) {
                text.append(
                        "COMMENT ON TABLESPACE " + name + " IS " + words.markedLiteral(row.text("comment")) + ";\n");
            }
            text.append(labels.getOrDefault(row.oid("oid"), new StringBuilder()));
        }
        return text.append("\n\n").toString();
    }

    private Map<Long, StringBuilder> labels(String catalog, String type, List<Row> rows, String column) {
        Map<Long, StringBuilder> labels = new HashMap<>();
        if (!options.securityLabels()) {
            return labels;
        }
        Map<Long, String> names = new HashMap<>();
        rows.forEach(row -> names.put(row.oid("oid"), row.text(column)));
        for (Row row : session.rows("SELECT objoid, provider, label FROM pg_catalog.pg_shseclabel"
                + " WHERE classoid = 'pg_catalog." + catalog + "'::pg_catalog.regclass")) {
            labels.computeIfAbsent(row.oid("objoid"), oid -> new StringBuilder())
                    .append("SECURITY LABEL FOR " + words.quote(row.text("provider")) + " ON " + type + " ")
                    .append(words.quote(names.getOrDefault(row.oid("objoid"), "")) + " IS ")
                    .append(words.markedLiteral(row.text("label")) + ";\n");
        }
        return labels;
    }

    /** A name as it may stand in a comment: a line end would let the rest of it out as a command. */
    public static String oneLine(String name) {
        return name.isEmpty() ? "-" : name.replace('\n', ' ').replace('\r', ' ');
    }
}
