package org.pgark.cli.dumpall;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.pgark.cli.upstream.ClusterFolder;
import org.pgark.cli.upstream.OperatingSystemMessage;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.RestrictKey;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.cli.upstream.UsageException;
import org.pgark.logical.archive.NameQuoting;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.NamePattern;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SqlWords;
import org.pgark.logical.dump.SessionSetup;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/** pg_dumpall: all databases of a server, and what belongs to none of them, as one script. */
public final class PgDumpAll implements UpstreamProgram {
    @Override
    public String name() {
        return "pg_dumpall";
    }

    @Override
    public String help() {
        return PgDumpAllHelp.TEXT;
    }

    @Override
    public boolean saysThatItWasTerminated() {
        return true;
    }

    @Override
    public int run(ProgramRun run) throws ProgramException, UsageException, InterruptedException {
        run.log().setLevel(ProgramLog.Level.WARNING);
        PgDumpAllOptions options = PgDumpAllOptions.parse(run);
        RestrictKey key = RestrictKey.of(options.value("restrict-key"));
        try (ServerConnection server = new ServerConnection(run, options);
                WireConnection connection = server.open()) {
            CatalogSession session = new CatalogSession(connection);
            Set<String> excluded = excluded(session, options);
            prepare(connection, options);
            if (options.isArchive()) {
                ClusterFolder folder =
                        ClusterArchive.create(Path.of(options.value("file").orElseThrow()));
                new ClusterArchive(run, options, server, session, key, folder).write(excluded);
            } else {
                try (OutputStream out = open(run, options)) {
                    new ClusterDump(run, options, server, session, out, key).write(excluded);
                }
            }
            return 0;
        } catch (DumpException e) {
            ProgramException failure = new ProgramException(String.valueOf(e.getMessage()));
            for (String detail : e.details()) {
                failure = failure.withDetail(detail);
            }
            throw failure;
        } catch (WireException e) {
            throw new ProgramException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new ProgramException(OperatingSystemMessage.of(e));
        }
    }

    /** Names of the databases that the patterns match. */
    private static Set<String> excluded(CatalogSession session, PgDumpAllOptions options) throws ProgramException {
        Set<String> names = new HashSet<>();
        for (String text : options.excluded()) {
            NamePattern pattern = NamePattern.parse(text, 1);
            if (pattern.dots() > 0) {
                throw new ProgramException("improper qualified name (too many dotted names): " + text);
            }
            for (Row row : session.rows("SELECT datname FROM pg_catalog.pg_database n WHERE "
                    + pattern.nameCondition(
                            "n.datname", new SqlWords(NameQuoting.WHERE_NEEDED, true), session.serverVersion()))) {
                names.add(row.text("datname"));
            }
        }
        return names;
    }

    private static void prepare(WireConnection connection, PgDumpAllOptions options)
            throws IOException, ProgramException {
        SqlWords words = new SqlWords(options.quoting(), true);
        connection.execute("SELECT pg_catalog.set_config('search_path', '', false)");
        SessionSetup.useServerEncoding(connection);
        if (options.value("encoding").isPresent()) {
            String encoding = options.value("encoding").get();
            try {
                connection.execute("SET client_encoding = " + words.literal(encoding));
            } catch (WireException e) {
                throw new ProgramException("invalid client encoding \"" + encoding + "\" specified");
            }
        }
        if (options.value("role").isPresent()) {
            connection.execute("SET ROLE " + words.quote(options.value("role").get()));
        }
        if (options.has("quote-all-identifiers")) {
            connection.execute("SET quote_all_identifiers = true");
        }
    }

    private static OutputStream open(ProgramRun run, PgDumpAllOptions options) throws ProgramException, IOException {
        if (options.value("file").isEmpty()) {
            return new BufferedOutputStream(run.standardOutput());
        }
        String file = options.value("file").get();
        try {
            return new BufferedOutputStream(Files.newOutputStream(Path.of(file)));
        } catch (FileSystemException e) {
            throw new ProgramException("could not open output file \"" + file + "\": " + OperatingSystemMessage.of(e));
        }
    }
}
