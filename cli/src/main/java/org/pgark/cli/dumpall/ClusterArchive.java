package org.pgark.cli.dumpall;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.pgark.cli.dump.PgDump;
import org.pgark.cli.upstream.ClusterFolder;
import org.pgark.cli.upstream.OperatingSystemMessage;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.RestrictKey;
import org.pgark.cli.upstream.UpstreamVersion;
import org.pgark.logical.catalog.CatalogSession;
import org.pgark.logical.catalog.Row;
import org.pgark.postgres.connection.ByteText;

/**
 * Writes a whole server as a folder: what belongs to no database as a script, each database as an archive of pg_dump. The list of
 * the databases comes last, so that a folder without it is not taken for whole.
 */
final class ClusterArchive {
    private final ProgramRun run;
    private final PgDumpAllOptions options;
    private final ServerConnection server;
    private final CatalogSession session;
    private final RestrictKey key;
    private final ClusterFolder folder;

    ClusterArchive(
            ProgramRun run,
            PgDumpAllOptions options,
            ServerConnection server,
            CatalogSession session,
            RestrictKey key,
            ClusterFolder folder) {
        this.run = run;
        this.options = options;
        this.server = server;
        this.session = session;
        this.key = key;
        this.folder = folder;
    }

    /** Makes the folder; an empty one that is there already is taken. */
    static ClusterFolder create(Path path) throws ProgramException, IOException {
        try {
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.list(path)) {
                    if (files.findAny().isPresent()) {
                        throw new ProgramException("directory \"" + path + "\" is not empty");
                    }
                }
            } else {
                Files.createDirectory(path);
            }
            ClusterFolder folder = new ClusterFolder(path);
            Files.createDirectory(folder.databases());
            return folder;
        } catch (FileAlreadyExistsException e) {
            throw new ProgramException("could not create directory \"" + path + "\": File exists");
        } catch (java.nio.file.FileSystemException e) {
            throw new ProgramException("could not create directory \"" + path + "\": " + OperatingSystemMessage.of(e));
        }
    }

    void write(Set<String> excluded) throws IOException, ProgramException, InterruptedException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.globals()))) {
            new ClusterDump(run, options, server, session, out, key).writeGlobalsAlone();
        }
        sync(folder.globals());
        StringBuilder map = new StringBuilder();
        if (!options.isPartial()) {
            for (Row row : session.rows(
                    "SELECT oid, datname FROM pg_database d WHERE datallowconn AND datconnlimit != -2 AND datname <>"
                            + " 'template0' ORDER BY (datname <> 'template1'), datname")) {
                String database = row.text("datname");
                if (excluded.contains(database)) {
                    run.log().info("excluding database \"" + database + "\"");
                } else {
                    writeDatabase(row.oid("oid"), database);
                    map.append(row.oid("oid")).append(' ').append(database).append('\n');
                }
            }
        }
        finish(map.toString());
    }

    private void writeDatabase(long oid, String database) throws IOException, ProgramException, InterruptedException {
        if (database.indexOf('\n') >= 0 || database.indexOf('\r') >= 0) {
            throw new ProgramException("database name contains a newline or carriage return: \"" + database + "\"");
        }
        run.log().info("dumping database \"" + database + "\"");
        String format = options.value("format").orElseThrow().toLowerCase(Locale.ROOT);
        List<String> words = new ArrayList<>(options.forPgDump());
        words.add("--format=" + format);
        words.add("--file=" + folder.databases().resolve(String.valueOf(oid)));
        words.add("--dbname="
                + server.string(
                        ByteText.decode(database.getBytes(session.connection().charset()))));
        for (String option : List.of("jobs", "compress")) {
            options.value(option).ifPresent(value -> words.add("--" + option + "=" + value));
        }
        if (!options.isDurable()) {
            words.add("--no-sync");
        }
        Map<String, String> variables = new HashMap<>(server.variables());
        variables.put(
                UpstreamVersion.VARIABLE,
                String.valueOf(options.version().major().number()));
        int exitCode = run.call(new PgDump(), words, variables, OutputStream.nullOutputStream());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (exitCode != 0) {
            throw new ProgramException("pg_dump failed on database \"" + database + "\", exiting");
        }
    }

    private void finish(String map) throws IOException {
        Path unfinished = folder.path().resolve("map.dat.tmp");
        Files.write(unfinished, map.getBytes(StandardCharsets.UTF_8));
        sync(unfinished);
        Files.move(unfinished, folder.map(), StandardCopyOption.ATOMIC_MOVE);
        sync(folder.databases());
        sync(folder.path());
    }

    private void sync(Path path) throws IOException {
        if (options.isDurable()) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
