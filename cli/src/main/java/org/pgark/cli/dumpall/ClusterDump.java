package org.pgark.cli.dumpall;

import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.pgark.cli.dump.PgDump;
import org.pgark.cli.upstream.DumpLines;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.RestrictKey;
import org.pgark.cli.upstream.UpstreamVersion;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SqlWords;
import org.pgark.logical.cluster.GlobalsOptions;
import org.pgark.logical.cluster.GlobalsScript;
import org.pgark.postgres.connection.ByteText;
import org.pgark.postgres.wire.WireConnection;

/** Writes the script: the server's own objects, then each database. */
final class ClusterDump {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);

    private final ProgramRun run;
    private final PgDumpAllOptions options;
    private final ServerConnection server;
    private final CatalogSession session;
    private final OutputStream out;
    private final RestrictKey key;

    ClusterDump(
            ProgramRun run,
            PgDumpAllOptions options,
            ServerConnection server,
            CatalogSession session,
            OutputStream out,
            RestrictKey key) {
        this.run = run;
        this.options = options;
        this.server = server;
        this.session = session;
        this.out = out;
        this.key = key;
    }

    void write(Set<String> excluded) throws IOException, ProgramException, InterruptedException {
        print("--\n-- PostgreSQL database cluster dump\n--\n\n");
        timestamp("Started on");
        print("\\restrict " + key.text() + "\n\n");
        writeSettings();
        if (!options.has("data-only") && !options.has("statistics-only") && !options.has("no-schema")) {
            writeGlobals(options.has("clean"));
        }
        print("\\unrestrict " + key.text() + "\n\n");
        if (!options.isPartial()) {
            writeDatabases(excluded);
        }
        timestamp("Completed on");
        print("--\n-- PostgreSQL database cluster dump complete\n--\n\n");
        out.flush();
    }

    /** Writes what belongs to no database, and drops nothing. */
    void writeGlobalsAlone() throws IOException {
        print("--\n-- PostgreSQL database cluster dump\n--\n\n\\restrict " + key.text() + "\n\n");
        writeSettings();
        if (!options.has("data-only") && !options.has("statistics-only") && !options.has("no-schema")) {
            writeGlobals(false);
        }
        print("\\unrestrict " + key.text() + "\n\n--\n-- PostgreSQL database cluster dump complete\n--\n\n");
        out.flush();
    }

    private void writeSettings() throws IOException {
        WireConnection connection = session.connection();
        String standard = connection.parameter("standard_conforming_strings").orElse("off");
        print("SET default_transaction_read_only = off;\n\nSET client_encoding = '"
                + connection.parameter("client_encoding").orElse("UTF8") + "';\nSET standard_conforming_strings = "
                + standard + ";\n" + (standard.equals("off") ? "SET escape_string_warning = off;\n" : "") + "\n");
    }

    private void writeGlobals(boolean clean) throws IOException {
        boolean standard = session.connection()
                .parameter("standard_conforming_strings")
                .orElse("off")
                .equals("on");
        GlobalsOptions choice = new GlobalsOptions(
                options.version().major().number(),
                !options.has("no-role-passwords"),
                !options.has("no-comments"),
                !options.has("no-security-labels"),
                !options.has("no-privileges"),
                options.has("if-exists"));
        GlobalsScript script =
                new GlobalsScript(session, new SqlWords(options.quoting(), standard), choice, new DumpLines(run.log()));
        boolean roles = !options.has("tablespaces-only");
        boolean tablespaces = !options.has("roles-only") && !options.has("no-tablespaces");
        if (clean) {
            print((options.isPartial() ? "" : script.dropDatabases())
                    + (tablespaces ? script.dropTablespaces() : "")
                    + (roles ? script.dropRoles() : ""));
        }
        if (roles) {
            print(script.roles());
            print(script.memberships());
            if (session.serverVersion() >= 150000 && choice.emulated() >= 15 && choice.privileges()) {
                print(script.parameters());
            }
        }
        if (tablespaces) {
            print(script.tablespaces());
        }
    }

    private void writeDatabases(Set<String> excluded) throws IOException, ProgramException, InterruptedException {
        List<Row> rows = session.rows("SELECT datname FROM pg_database d WHERE datallowconn AND datconnlimit != -2"
                + " ORDER BY (datname <> 'template1'), datname");
        print(rows.isEmpty() ? "" : "--\n-- Databases\n--\n\n");
        for (Row row : rows) {
            String database = row.text("datname");
            if (database.equals("template0")) {
                continue;
            }
            if (excluded.contains(database)) {
                run.log().info("excluding database \"" + database + "\"");
                continue;
            }
            writeDatabase(database);
        }
    }

    private void writeDatabase(String database) throws IOException, ProgramException, InterruptedException {
        if (database.indexOf('\n') >= 0 || database.indexOf('\r') >= 0) {
            // PostgreSQL's pg_dumpall says it so, since it goes through a shell; here psql could not be told to go
            // there
            throw new ProgramException(
                    "shell command argument contains a newline or carriage return: \"" + database + "\"");
        }
        run.log().info("dumping database \"" + database + "\"");
        print("--\n-- Database \"" + GlobalsScript.oneLine(database) + "\" dump\n--\n\n");
        List<String> words = new ArrayList<>(options.forPgDump());
        if (!database.equals("template1") && !database.equals("postgres")) {
            words.add("--create");
        } else if (options.has("clean")) {
            words.addAll(List.of("--clean", "--create"));
        } else {
            print("\\connect " + database + "\n\n");
        }
        options.value("restrict-key").ifPresent(given -> words.add("--restrict-key=" + given));
        String address = ByteText.decode(database.getBytes(session.connection().charset()));
        words.addAll(List.of("--format=plain", "--dbname=" + server.string(address)));
        out.flush();
        Map<String, String> variables = new HashMap<>(server.variables());
        variables.put(
                UpstreamVersion.VARIABLE,
                String.valueOf(options.version().major().number()));
        int exitCode = run.call(new PgDump(), words, variables, out);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (exitCode != 0) {
            throw new ProgramException("pg_dump failed on database \"" + database + "\", exiting");
        }
    }

    private void timestamp(String what) throws IOException {
        if (options.has("verbose")) {
            print("-- " + what + " " + TIME.format(ZonedDateTime.now(ZoneId.systemDefault())) + "\n\n");
        }
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(session.connection().charset()));
    }
}
