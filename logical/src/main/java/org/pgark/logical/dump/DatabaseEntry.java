package org.pgark.logical.dump;

import java.util.List;
import java.util.Optional;
import org.pgark.logical.catalog.CatalogId;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.Privileges;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SettingSql;
import org.pgark.logical.catalog.SystemCatalog;

/** The database itself: how it is made, what can only be said of it afterwards, its settings. */
final class DatabaseEntry {
    private final CatalogReading reading;
    private final EntryWriter writer;
    private final Row row;
    private final String name;
    private final String quoted;

    DatabaseEntry(CatalogReading reading, EntryWriter writer) {
        this.reading = reading;
        this.writer = writer;
        this.row = reading.session().rows(query(reading.server())).getFirst();
        this.name = row.text("datname");
        this.quoted = writer.quote(name);
    }

    /** The name of the database, as the server has it. */
    String name() {
        return name;
    }

    void write() {
        reading.listener().progress("saving database definition");
        CatalogId id = SystemCatalog.DATABASE.id(row.oid("oid"));
        String owner = reading.catalog().role(row.oid("datdba"));
        int dumpId = writer.attach(
                id,
                new EntryText("DATABASE", name).owner(owner).define(create()).drop("DROP DATABASE " + quoted + ";\n"));
        String tag = "DATABASE " + quoted;
        row.optional("description")
                .filter(text -> !text.isEmpty() && !reading.options().has(DumpSwitch.NO_COMMENTS))
                .ifPresent(text -> writer.attach(new EntryText("COMMENT", tag)
                        .owner(owner)
                        .withOwnerSection()
                        .dependsOn(dumpId)
                        .define("COMMENT ON DATABASE " + quoted + " IS " + writer.literal(text) + ";\n")));
        if (!reading.options().has(DumpSwitch.NO_SECURITY_LABELS)) {
            writeLabels(dumpId, tag, owner, id);
        }
        writer.sharedPrivileges(
                dumpId, "DATABASE", quoted, owner, new Privileges(row.optional("datacl"), row.text("builtin")));
        writeProperties(owner, id);
    }

    private String create() {
        StringBuilder sql = new StringBuilder("CREATE DATABASE " + quoted + " WITH TEMPLATE = template0");
        append(sql, " ENCODING = ", row.text("encoding"));
        String collate = row.text("datcollate");
        String type = row.text("datctype");
        char provider = row.letter("datlocprovider");
        Optional<String> locale = row.optional("datlocale");
        if (writer.emulated() >= 15) {
            sql.append(" LOCALE_PROVIDER = ")
                    .append(
                            switch (provider) {
                                case 'b' -> "builtin";
                                case 'c' -> "libc";
                                case 'i' -> "icu";
                                default -> throw new DumpException("unrecognized locale provider: " + provider);
                            });
        }
        if (!collate.isEmpty() && collate.equals(type)) {
            append(sql, " LOCALE = ", collate);
        } else {
            append(sql, " LC_COLLATE = ", collate);
            append(sql, " LC_CTYPE = ", type);
        }
        locale.ifPresent(given -> sql.append(provider == 'b' ? " BUILTIN_LOCALE = " : " ICU_LOCALE = ")
                .append(writer.literal(given)));
        row.optional("daticurules")
                .ifPresent(rules -> sql.append(" ICU_RULES = ").append(writer.literal(rules)));
        String tablespace = row.text("tablespace");
        // CREATE DATABASE does not look at default_tablespace, so that its tablespace cannot be left to the restore
        if (!tablespace.isEmpty()
                && !tablespace.equals("pg_default")
                && !reading.options().has(DumpSwitch.NO_TABLESPACES)) {
            sql.append(" TABLESPACE = ").append(writer.quote(tablespace));
        }
        return sql.append(";\n").toString();
    }

    private void append(StringBuilder sql, String word, String value) {
        if (!value.isEmpty()) {
            sql.append(word).append(writer.literal(value));
        }
    }

    private void writeLabels(int dumpId, String tag, String owner, CatalogId id) {
        StringBuilder sql = new StringBuilder();
        for (Row label : reading.session()
                .rows("SELECT provider, label FROM pg_catalog.pg_shseclabel"
                        + " WHERE classoid = 'pg_catalog.pg_database'::pg_catalog.regclass AND objoid = " + id.oid())) {
            sql.append("SECURITY LABEL FOR " + writer.quote(label.text("provider")) + " ON DATABASE " + quoted + " IS "
                    + reading.words().markedLiteral(label.text("label")) + ";\n");
        }
        if (!sql.isEmpty()) {
            writer.attach(new EntryText("SECURITY LABEL", tag)
                    .owner(owner)
                    .withOwnerSection()
                    .dependsOn(dumpId)
                    .define(sql.toString()));
        }
    }

    /** A separate entry: CREATE DATABASE cannot stand in a transaction, and the rest is run in the new database. */
    private void writeProperties(String owner, CatalogId id) {
        StringBuilder sql = new StringBuilder();
        String drop = "";
        String limit = row.text("datconnlimit");
        if (!limit.isEmpty() && !limit.equals("-1")) {
            sql.append("ALTER DATABASE " + quoted + " CONNECTION LIMIT = " + limit + ";\n");
        }
        if (row.flag("datistemplate")) {
            sql.append("ALTER DATABASE " + quoted + " IS_TEMPLATE = true;\n");
            // a template cannot be dropped, and there is no ALTER DATABASE IF EXISTS
            drop = "UPDATE pg_catalog.pg_database SET datistemplate = false WHERE datname = " + writer.literal(name)
                    + ";\n";
        }
        List<Row> settings = reading.session()
                .rows("SELECT pg_catalog.unnest(s.setconfig) AS setting, r.rolname FROM pg_catalog.pg_db_role_setting s"
                        + " LEFT JOIN pg_catalog.pg_roles r ON s.setrole = r.oid WHERE s.setdatabase = " + id.oid()
                        + " AND (s.setrole = 0 OR r.oid IS NOT NULL) ORDER BY s.setrole <> 0");
        for (Row setting : settings) {
            String target = setting.optional("rolname")
                    .map(role -> "ROLE " + writer.quote(role) + " IN DATABASE " + quoted)
                    .orElse("DATABASE " + quoted);
            SettingSql.ofDatabaseOrRole(setting.text("setting"), reading.words())
                    .ifPresent(set -> sql.append("ALTER ")
                            .append(target)
                            .append(' ')
                            .append(set)
                            .append(";\n"));
        }
        if (!sql.isEmpty()) {
            writer.attach(new EntryText("DATABASE PROPERTIES", name)
                    .owner(owner)
                    .define(sql.toString())
                    .drop(drop));
        }
    }

    private static String query(int server) {
        String locale = server >= 170000
                ? "datlocprovider, datlocale"
                : server >= 150000
                        ? "datlocprovider, daticulocale AS datlocale"
                        : "'c' AS datlocprovider, NULL AS datlocale";
        return "SELECT oid, datname, datdba, pg_catalog.pg_encoding_to_char(encoding) AS encoding, datcollate, datctype, datacl,"
                + " acldefault('d', datdba) AS builtin, datistemplate, datconnlimit, " + locale + ", "
                + (server >= 160000 ? "daticurules" : "NULL AS daticurules")
                + ", (SELECT spcname FROM pg_tablespace t WHERE t.oid = dattablespace) AS tablespace,"
                + " shobj_description(oid, 'pg_database') AS description"
                + " FROM pg_database WHERE datname = current_database()";
    }
}
