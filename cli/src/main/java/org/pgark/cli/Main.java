package org.pgark.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The program's entry. */
public final class Main {
    /** What leaves something to the end of the process; others have put everything away when they are over. */
    private static final List<String> HAVE_SERVERS_OR_SOCKETS =
            List.of("demo", "rehearse", ProgramTraining.WORD, "worker");

    private Main() {}

    /** Runs the command that the arguments name and ends the process with its exit code. */
    public static void main(String[] arguments) {
        if (arguments.length == 1 && (arguments[0].equals("--version") || arguments[0].equals("-V"))) {
            System.out.println("pgark " + Version.text());
            return;
        }
        ColdStart.begin();
        PrintStream out = buffered(FileDescriptor.out);
        PrintStream err = buffered(FileDescriptor.err);
        List<String> words = ProcessText.ofThisProcess().words(arguments);
        int exitCode = UpstreamPrograms.run(words, err).orElseGet(() -> command(words, out, err));
        out.flush();
        err.flush();
        Interruption.end(exitCode);
        if (HAVE_SERVERS_OR_SOCKETS.stream().anyMatch(words::contains)) {
            System.exit(exitCode);
        }
        // An orderly end has the JVM begin to log, for a third of the time that a small command takes.
        Runtime.getRuntime().halt(exitCode);
    }

    private static int command(List<String> words, PrintStream out, PrintStream err) {
        // picocli would look for Groovy's closures in every library.
        System.setProperty("picocli.disable.closures", "true");
        if (words.size() == 2 && words.getFirst().equals(ProgramTraining.WORD)) {
            return new ProgramTraining(Path.of(words.getLast()), System.getenv()).run();
        }
        Optional<WorkerStart> worker = WorkerStart.of(words);
        return worker.isPresent() ? worker.get().run(words, out, err) : new CommandLineRun(out, err, words).run();
    }

    private static PrintStream buffered(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
