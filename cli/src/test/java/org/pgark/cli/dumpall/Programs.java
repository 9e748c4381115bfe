package org.pgark.cli.dumpall;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.cli.upstream.ProgramFrame;
import org.pgark.cli.upstream.ProgramStreams;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.testkit.TestCluster;

/** Runs the dump programs on a test's server, as a shell would. */
final class Programs {
    private final Map<String, String> environment = new HashMap<>();
    private String out = "";
    private String err = "";

    Programs(TestCluster cluster) {
        environment.put("PGHOST", cluster.socketDirectory().toString());
        environment.put("PGPORT", String.valueOf(cluster.port()));
        environment.put("PGUSER", "postgres");
        environment.put("HOME", cluster.home().resolve("no home").toString());
    }

    /** Runs a program and returns its exit code. */
    int run(UpstreamProgram program, String... words) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int exitCode = new ProgramFrame(
                        program,
                        environment,
                        new ProgramStreams(
                                InputStream.nullInputStream(),
                                outBytes,
                                new PrintStream(errBytes, true, StandardCharsets.UTF_8)))
                .run(List.of(words));
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return exitCode;
    }

    /** What the last one wrote to standard output. */
    String out() {
        return out;
    }

    /** What the last one wrote to standard error. */
    String err() {
        return err;
    }
}
