package org.pgark.cli.restore;

import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgark.cli.upstream.ClusterFolder;
import org.pgark.cli.upstream.ConnectionText;
import org.pgark.cli.upstream.ProgramConnections;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UpstreamVersion;
import org.pgark.logical.archive.NameQuoting;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.NamePattern;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SqlWords;
import org.pgark.logical.script.ScriptRestore;
import org.pgark.postgres.wire.WireConnection;

/** Restores the archive of a whole server: first what belongs to no database, then one database after the other. */
final class ClusterRestore {
    /** Databases that every server has: they are filled, not made. */
    private static final Set<String> ALWAYS_THERE = Set.of("postgres", "template1");

    private final ProgramRun run;
    private final PgRestoreOptions options;
    private final ClusterFolder folder;

    ClusterRestore(ProgramRun run, PgRestoreOptions options, Path path) {
        this.run = run;
        this.options = options;
        this.folder = new ClusterFolder(path);
    }

    /** Restores all, and gives the number of databases (and of statements for none) at which errors were passed over. */
    int restore() throws IOException, ProgramException {
        if (options.choosesObjects()) {
            throw new ProgramException("the archive of a whole server can only be restored as a whole")
                    .withHint("Each of \"" + folder.databases() + "\" is an archive that can be restored alone.");
        }
        Map<String, Path> contents = folder.contents();
        return options.goesToServer() ? toServer(contents) : toScript(contents);
    }

    private int toServer(Map<String, Path> contents) throws IOException, ProgramException {
        int errors = 0;
        Map<String, String> variables = new HashMap<>();
        Set<String> excluded;
        try (ProgramConnections connections = new ProgramConnections(run, options.connection())) {
            try (WireConnection connection = connections.open()) {
                excluded = excluded(connection, contents.keySet());
            }
            errors += restoreGlobals(connections);
            connections.password().ifPresent(password -> variables.put("PGPASSWORD", password));
        }
        variables.put(
                UpstreamVersion.VARIABLE,
                String.valueOf(options.version().major().number()));
        for (Map.Entry<String, Path> database : contents.entrySet()) {
            if (options.leavesOutDatabases() || excluded.contains(database.getKey())) {
                continue;
            }
            run.log().info("restoring database \"" + database.getKey() + "\"");
            List<String> words = new ArrayList<>(options.forEachDatabase());
            if (ALWAYS_THERE.contains(database.getKey())) {
                words.add("--dbname=" + string(database.getKey()));
            } else {
                words.add("--dbname=" + options.connection().database().orElse("postgres"));
                words.addAll(server());
                words.add("--create");
            }
            words.add(database.getValue().toString());
            int exitCode = run.call(new PgRestore(), words, variables, OutputStream.nullOutputStream());
            if (exitCode != 0) {
                errors++;
                if (Thread.currentThread().isInterrupted() || options.restore().endsWithFirstError()) {
                    throw new ProgramException("pg_restore failed on database \"" + database.getKey() + "\", exiting");
                }
                run.log().error("errors in database \"" + database.getKey() + "\"");
            }
        }
        return errors;
    }

    private List<String> server() {
        List<String> words = new ArrayList<>();
        options.connection().host().ifPresent(value -> words.add("--host=" + value));
        options.connection().port().ifPresent(value -> words.add("--port=" + value));
        options.connection().user().ifPresent(value -> words.add("--username=" + value));
        return words;
    }

    /** The connection string that leads to a database; what the user's own string says counts before the options. */
    private String string(String database) {
        String given = options.connection().database().orElse("");
        boolean isString = given.contains("=") || given.startsWith("postgres://") || given.startsWith("postgresql://");
        ConnectionText text = new ConnectionText(isString ? given : "");
        if (!isString) {
            options.connection().host().ifPresent(value -> text.with("host", value));
            options.connection().port().ifPresent(value -> text.with("port", value));
            options.connection().user().ifPresent(value -> text.with("user", value));
        }
        return text.with("dbname", database).toString();
    }

    private Set<String> excluded(WireConnection connection, Set<String> databases)
            throws IOException, ProgramException {
        Set<String> excluded = new HashSet<>();
        CatalogSession session = new CatalogSession(connection);
        SqlWords words = new SqlWords(NameQuoting.WHERE_NEEDED, true);
        for (String text : options.excludedDatabases()) {
            NamePattern pattern = NamePattern.parse(text, 1);
            if (pattern.dots() > 0) {
                throw new ProgramException("improper qualified name (too many dotted names): " + text);
            }
            for (String database : databases) {
                if (!session.rows("SELECT FROM (SELECT " + words.literal(database) + "::text AS datname) n WHERE "
                                + pattern.nameCondition("n.datname", words, session.serverVersion()))
                        .isEmpty()) {
                    excluded.add(database);
                }
            }
        }
        return excluded;
    }

    /** Roles and tablespaces that are there already are not made, but get the attributes that the archive has. */
    private int restoreGlobals(ProgramConnections connections) throws IOException {
        Set<String> made = new HashSet<>();
        SqlWords words = new SqlWords(NameQuoting.WHERE_NEEDED, true);
        SqlWords quoting = new SqlWords(new NameQuoting(options.version().major(), true), true);
        try (WireConnection connection = connections.open()) {
            CatalogSession session = new CatalogSession(connection);
            for (Row row : session.rows("SELECT 'ROLE ' AS kind, rolname AS name FROM pg_catalog.pg_roles"
                    + " UNION ALL SELECT 'TABLESPACE ', spcname FROM pg_catalog.pg_tablespace")) {
                made.add("CREATE " + row.text("kind") + words.quote(row.text("name")));
                made.add("CREATE " + row.text("kind") + quoting.quote(row.text("name")));
            }
        }
        try (InputStream script = new BufferedInputStream(Files.newInputStream(folder.globals()));
                ScriptRestore restore = new ScriptRestore(
                        connections::open,
                        new LogMessages(run.log()),
                        options.restore().endsWithFirstError())) {
            return restore.passOver(statement -> isMade(statement, made)).run(script, false);
        }
    }

    private static boolean isMade(String statement, Set<String> made) {
        String role = statement.endsWith(";") ? statement.substring(0, statement.length() - 1) : statement;
        int owner = statement.indexOf(" OWNER ");
        return made.contains(role)
                || (statement.startsWith("CREATE TABLESPACE ")
                        && owner > 0
                        && made.contains(statement.substring(0, owner)));
    }

    private int toScript(Map<String, Path> contents) throws IOException, ProgramException {
        if (!options.excludedDatabases().isEmpty()) {
            throw new ProgramException("option --exclude-database needs option -d/--dbname");
        }
        Map<String, String> variables = Map.of(
                UpstreamVersion.VARIABLE,
                String.valueOf(options.version().major().number()));
        try (OutputStream out = PgRestore.output(run, options)) {
            out.write(Files.readAllBytes(folder.globals()));
            for (Map.Entry<String, Path> database : contents.entrySet()) {
                if (options.leavesOutDatabases()) {
                    break;
                }
                boolean there = ALWAYS_THERE.contains(database.getKey());
                out.write(("--\n-- Database \"" + database.getKey() + "\" dump\n--\n\n"
                                + (there ? "\\connect " + database.getKey() + "\n\n" : ""))
                        .getBytes(StandardCharsets.UTF_8));
                List<String> words = new ArrayList<>(options.forEachDatabase());
                words.add("--file=-");
                if (!there) {
                    words.add("--create");
                }
                words.add(database.getValue().toString());
                if (run.call(new PgRestore(), words, variables, new Kept(out)) != 0) {
                    throw new ProgramException("pg_restore failed on database \"" + database.getKey() + "\", exiting");
                }
            }
        }
        return 0;
    }

    /** The script's stream, which the restore of one database leaves open. */
    private static final class Kept extends FilterOutputStream {
        Kept(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
