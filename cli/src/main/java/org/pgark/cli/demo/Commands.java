package org.pgark.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs pgark's own commands as a user would, with the demo's configuration and spool. */
final class Commands {
    private final Story story;
    private final Path program;
    private final Map<String, String> environment;

    Commands(Story story, Path program, Path configuration, Path spool) {
        this.story = story;
        this.program = program;
        this.environment = Map.of(
                "PGARK_CONFIG",
                configuration.toString(),
                "PGARK_SPOOL",
                spool.toString(),
                "XDG_STATE_HOME",
                spool.resolveSibling("state").toString());
    }

    /** Shows and runs a command, shows what it prints, and returns its exit code. */
    int run(String... words) throws IOException, InterruptedException {
        story.command("pgark " + Arrays.stream(words).map(Commands::quoted).collect(Collectors.joining(" ")));
        List<String> line = new ArrayList<>(List.of(program.toString()));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                story.printed(text);
            }
        }
        return process.waitFor();
    }

    /** Like {@link #run}, for a command without which the demo cannot go on. */
    void mustRun(String... words) throws IOException, InterruptedException {
        int exitCode = run(words);
        if (exitCode != 0) {
            throw new IOException("\"pgark " + words[0] + "\" ended with exit code " + exitCode);
        }
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=+-]+") ? word : "\"" + word + "\"";
    }
}
