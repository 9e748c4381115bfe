package org.pgark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.pgark.cli.dump.PgDump;
import org.pgark.cli.upstream.ProgramFrame;
import org.pgark.cli.upstream.ProgramStreams;
import org.pgark.logical.dump.DatabaseDump;
import org.pgark.postgres.wire.WireConnection;

/**
 * Has the JVM load all that the programs with PostgreSQL's names are made of, also what a small database does not need
 * ({@link DumpRehearsal}): by name, and by a pg_dump that finds no server.
 */
final class ProgramRehearsal {
    private static final List<String> PACKAGES = List.of(
            "org/pgark/logical/",
            "org/pgark/postgres/wire/",
            "org/pgark/postgres/connection/",
            "org/pgark/cli/upstream/",
            "org/pgark/cli/dump/",
            "org/pgark/cli/dumpall/",
            "org/pgark/cli/restore/");

    private final Path folder;

    ProgramRehearsal(Path folder) {
        this.folder = folder;
    }

    void run() throws IOException {
        for (Class<?> member : List.of(PgDump.class, DatabaseDump.class, WireConnection.class)) {
            load(place(member), member.getClassLoader());
        }
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        new ProgramFrame(
                        new PgDump(),
                        Map.of("PGHOST", folder.resolve("nobody").toString(), "HOME", folder.toString()),
                        new ProgramStreams(InputStream.nullInputStream(), nowhere, nowhere))
                .run(List.of("-Fc", "postgres"));
    }

    private static Path place(Class<?> member) throws IOException {
        try {
            return Path.of(
                    member.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** Only from an archive: what is run from a folder of classes has no use for a rehearsal. */
    private static void load(Path jar, ClassLoader loader) throws IOException {
        if (!Files.isRegularFile(jar)) {
            return;
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> names = file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .filter(name -> PACKAGES.stream().anyMatch(name::startsWith))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
            for (String name : names) {
                try {
                    Class.forName(name, true, loader);
                } catch (ClassNotFoundException e) {
                    throw new IOException(e);
                }
            }
        }
    }
}
