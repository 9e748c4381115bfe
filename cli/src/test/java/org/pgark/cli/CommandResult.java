package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a command of pgark ended with that ran in this process. */
record CommandResult(int exitCode, String output, String errors) {
    /** Runs a command by the configuration {@code pgark.toml} of a folder. */
    static CommandResult of(Path folder, String... words) {
        List<String> arguments =
                new ArrayList<>(List.of("--config", folder.resolve("pgark.toml").toString()));
        arguments.addAll(List.of(words));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = new CommandLineRun(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        arguments)
                .run();
        return new CommandResult(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    JsonNode json() {
        return JsonMapper.builder().build().readTree(output);
    }

    CommandResult mustEndWith(int code) {
        assertThat(exitCode).as(output + errors).isEqualTo(code);
        return this;
    }
}
