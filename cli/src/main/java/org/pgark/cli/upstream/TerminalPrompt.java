package org.pgark.cli.upstream;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Asks the person at the terminal, whatever standard input and output are connected to. */
public final class TerminalPrompt {
    private static final Path TERMINAL = Path.of("/dev/tty");

    private final ProgramRun run;

    /** Where there is no terminal, standard error asks and standard input answers, as PostgreSQL's programs do. */
    public TerminalPrompt(ProgramRun run) {
        this.run = run;
    }

    /** Asks for a password, whose letters are not shown. */
    public String password(String prompt) throws IOException, InterruptedException {
        if (!Files.isWritable(TERMINAL)) {
            return ask(prompt, new BufferedReader(new InputStreamReader(run.standardInput(), StandardCharsets.UTF_8)));
        }
        boolean hidden = setEcho(false);
        try (OutputStream terminal = Files.newOutputStream(TERMINAL);
                BufferedReader answers = Files.newBufferedReader(TERMINAL)) {
            terminal.write(prompt.getBytes(StandardCharsets.UTF_8));
            String answer = Objects.requireNonNullElse(answers.readLine(), "");
            if (hidden) {
                terminal.write('\n');
            }
            return answer;
        } catch (java.nio.file.FileSystemException e) {
            // The device is there, but this process has no terminal.
            return ask(prompt, new BufferedReader(new InputStreamReader(run.standardInput(), StandardCharsets.UTF_8)));
        } finally {
            if (hidden) {
                setEcho(true);
            }
        }
    }

    private String ask(String prompt, BufferedReader answers) throws IOException {
        run.log().prompt(prompt);
        return Objects.requireNonNullElse(answers.readLine(), "");
    }

    private static boolean setEcho(boolean on) throws IOException, InterruptedException {
        Process stty = new ProcessBuilder("stty", on ? "echo" : "-echo")
                .redirectInput(new File(TERMINAL.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return stty.waitFor() == 0;
    }
}
