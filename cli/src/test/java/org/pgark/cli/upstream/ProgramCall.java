package org.pgark.cli.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.pgark.testkit.TestCluster;

/**
 * One call of a program with PostgreSQL's name, inside this JVM.
 *
 * @param exitCode as its process would end
 * @param out what it wrote to standard output
 * @param errors what it wrote to standard error
 */
public record ProgramCall(int exitCode, ByteArrayOutputStream out, String errors) {
    /** Runs it to its end, with nothing in its environment but these variables. */
    public static ProgramCall of(UpstreamProgram program, Map<String, String> environment, List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Map<String, String> variables = new HashMap<>(Map.of("HOME", "/nonexistent"));
        variables.putAll(environment);
        ProgramStreams streams = new ProgramStreams(
                InputStream.nullInputStream(), out, new PrintStream(err, false, StandardCharsets.UTF_8));
        int exitCode = new ProgramFrame(program, variables, streams).run(words);
        return new ProgramCall(exitCode, out, err.toString(StandardCharsets.UTF_8));
    }

    /** Runs it to its end. */
    public static ProgramCall of(UpstreamProgram program, Object... words) {
        return of(program, Map.of(), texts(words));
    }

    /** Runs it against a server, over its Unix socket. */
    public static ProgramCall at(TestCluster server, UpstreamProgram program, Object... words) {
        return of(program, variables(server), texts(words));
    }

    /** Lets it run against a server while the caller does something else. */
    public static CompletableFuture<ProgramCall> begun(TestCluster server, UpstreamProgram program, Object... words) {
        CompletableFuture<ProgramCall> call = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                call.complete(at(server, program, words));
            } catch (RuntimeException | Error e) {
                call.completeExceptionally(e);
            }
        });
        return call;
    }

    /** The variables that lead to a server's Unix socket. */
    public static Map<String, String> variables(TestCluster server) {
        return Map.of(
                "PGHOST",
                server.socketDirectory().toString(),
                "PGPORT",
                Integer.toString(server.port()),
                "PGUSER",
                "postgres");
    }

    private static List<String> texts(Object... words) {
        List<String> texts = new ArrayList<>();
        for (Object word : words) {
            texts.add(word.toString());
        }
        return texts;
    }

    /** Standard output. */
    public byte[] bytes() {
        return out.toByteArray();
    }

    /** Standard output as text. */
    public String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Itself, if it ended with 0. */
    public ProgramCall mustSucceed() throws IOException {
        if (exitCode != 0) {
            throw new IOException("exit code " + exitCode + ": " + errors);
        }
        return this;
    }
}
