package org.pgark.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.pgark.cli.dump.PgDump;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.logical.dump.DatabaseDump;
import org.pgark.physical.basebackup.BaseBackup;
import org.pgark.postgres.wire.WireConnection;

/** Has the JVM load all that programs with PostgreSQL's names are made of, also what a rehearsal does not need. */
final class ClassTraining {
    private static final List<String> SHARED =
            List.of("org/pgark/postgres/wire/", "org/pgark/postgres/connection/", "org/pgark/cli/upstream/");

    private static final List<String> OWN = List.of(
            "org/pgark/logical/",
            "org/pgark/cli/dump/",
            "org/pgark/cli/dumpall/",
            "org/pgark/cli/restore/",
            "org/pgark/cli/replication/",
            "org/pgark/physical/basebackup/",
            "org/pgark/physical/receive/");

    private ClassTraining() {}

    /** Loads what all of them share. */
    static void loadShared() throws IOException {
        load(List.of(UpstreamProgram.class, WireConnection.class), SHARED);
    }

    /** Loads what dumps, their restores and base backups are made of. */
    static void loadPrograms() throws IOException {
        loadShared();
        load(List.of(PgDump.class, DatabaseDump.class, BaseBackup.class), OWN);
    }

    private static void load(List<Class<?>> members, List<String> packages) throws IOException {
        for (Class<?> member : members) {
            load(place(member), member.getClassLoader(), packages);
        }
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
    private static void load(Path jar, ClassLoader loader, List<String> packages) throws IOException {
        if (!Files.isRegularFile(jar)) {
            return;
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> names = file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .filter(name -> packages.stream().anyMatch(name::startsWith))
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
