package org.pgark.physical.standby;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.PostgresMajor;

/**
 * The server's programs of one major version on this host.
 *
 * @param folder holds {@code postgres} and {@code pg_ctl}
 * @param prefix words before every program, for a process that may not run it as itself; usually none
 */
public record ServerPrograms(Path folder, List<String> prefix) {
    private static final Pattern VERSION = Pattern.compile("postgres \\(PostgreSQL\\) (\\d+).*");

    public ServerPrograms {
        Objects.requireNonNull(folder, "folder is null");
        prefix = List.copyOf(prefix);
    }

    /**
     * Looks in a folder, or else where packages put the programs and where {@code PATH} leads.
     *
     * @param named the only folder to look in, if one was named
     * @param path the value of {@code PATH}
     * @throws RefusedException if they are not there, with the places that were looked at
     */
    public static ServerPrograms find(PostgresMajor major, Optional<Path> named, String path)
            throws IOException, RefusedException {
        List<String> seen = new ArrayList<>();
        Set<Path> places = named.isPresent() ? Set.of(named.get()) : places(major, path);
        for (Path folder : places) {
            if (Files.isExecutable(folder.resolve("postgres")) && Files.isExecutable(folder.resolve("pg_ctl"))) {
                Optional<Integer> found = version(folder);
                if (found.isPresent() && found.get() == major.number()) {
                    return new ServerPrograms(folder, List.of());
                }
                seen.add(
                        folder + " (of PostgreSQL " + found.map(String::valueOf).orElse("?") + ")");
            } else if (named.isPresent() || folder.toString().contains(Integer.toString(major.number()))) {
                seen.add(folder.toString());
            }
        }
        if (named.isEmpty()) {
            seen.add("the folders of PATH");
        }
        throw new RefusedException(
                "no_server_programs",
                "no server programs of PostgreSQL " + major.number() + " found; looked in " + String.join(", ", seen),
                "Install the server of PostgreSQL " + major.number()
                        + ", name the folder of its programs with --bindir, or leave the start to you with"
                        + " --no-start.");
    }

    /** The same, run behind these words. */
    public ServerPrograms behind(List<String> words) {
        return new ServerPrograms(folder, words);
    }

    private static Set<Path> places(PostgresMajor major, String path) {
        String number = Integer.toString(major.number());
        Set<Path> places = new LinkedHashSet<>(List.of(
                Path.of("/usr/lib/postgresql", number, "bin"),
                Path.of("/usr/pgsql-" + number, "bin"),
                Path.of("/usr/lib/postgresql" + number, "bin"),
                Path.of("/usr/local/pgsql/bin"),
                Path.of("/opt/homebrew/opt/postgresql@" + number, "bin"),
                Path.of("/usr/local/opt/postgresql@" + number, "bin")));
        for (String folder : path.split(":", -1)) {
            if (folder.startsWith("/")) {
                places.add(Path.of(folder).normalize());
            }
        }
        return places;
    }

    private static Optional<Integer> version(Path folder) throws IOException {
        Ended ended = run(List.of(folder.resolve("postgres").toString(), "--version"));
        Matcher matcher = VERSION.matcher(ended.output().strip());
        return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** The words that run one of the programs. */
    List<String> command(String program, List<String> arguments) {
        List<String> words = new ArrayList<>(prefix);
        words.add(folder.resolve(program).toString());
        words.addAll(arguments);
        return words;
    }

    record Ended(int exitStatus, String output) {}

    /** Runs a program to its end; what it leaves running must not hold its output open. */
    static Ended run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        // A port, a data directory and the like of whoever calls are none of the new server's.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") && !name.startsWith("PGARK"));
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }
}
