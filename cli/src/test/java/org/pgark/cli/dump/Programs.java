package org.pgark.cli.dump;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.cli.Main;
import org.pgark.cli.upstream.ProgramFrame;
import org.pgark.cli.upstream.ProgramStreams;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.testkit.TestCluster;

/** Runs the dump programs on a test's server, as a shell would. */
public final class Programs {
    private final Map<String, String> environment = new HashMap<>();
    private byte[] in = {};
    private byte[] out = {};
    private String err = "";

    public Programs(TestCluster cluster) {
        environment.put("PGHOST", cluster.socketDirectory().toString());
        environment.put("PGPORT", String.valueOf(cluster.port()));
        environment.put("PGUSER", "postgres");
        environment.put("HOME", cluster.home().resolve("no home").toString());
    }

    /** Goes to this port of this host instead of to the server's socket. */
    public Programs through(int port) {
        environment.put("PGHOST", "127.0.0.1");
        environment.put("PGPORT", String.valueOf(port));
        return this;
    }

    /** What programs read from standard input from now on. */
    public Programs reading(byte[] bytes) {
        in = bytes.clone();
        return this;
    }

    /** Runs a program and returns its exit code. */
    public int run(UpstreamProgram program, String... words) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int exitCode = new ProgramFrame(
                        program,
                        environment,
                        new ProgramStreams(
                                new ByteArrayInputStream(in),
                                outBytes,
                                new PrintStream(errBytes, true, StandardCharsets.UTF_8)))
                .run(List.of(words));
        out = outBytes.toByteArray();
        err = errBytes.toString(StandardCharsets.UTF_8);
        return exitCode;
    }

    /**
     * A program as a process of its own, with the options with which the launcher starts it.
     *
     * @param heapMegabytes what the launcher takes from PGARK_HEAP
     */
    public ProcessBuilder process(int heapMegabytes, String... words) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-Xmx" + heapMegabytes + "m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder;
    }

    /** Begins a program whose words are not heard. */
    public Process start(String... words) throws IOException {
        return process(192, words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** What the last one wrote to standard output. */
    public String out() {
        return new String(out, StandardCharsets.UTF_8);
    }

    /** The same in bytes. */
    public byte[] bytes() {
        return out.clone();
    }

    /** What the last one wrote to standard error. */
    public String err() {
        return err;
    }
}
