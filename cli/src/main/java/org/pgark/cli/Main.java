package org.pgark.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pgark.repository.seal.TlsCiphers;

/** The program's entry. */
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name and ends the process with its exit code. */
    public static void main(String[] arguments) {
        if (arguments.length == 1 && (arguments[0].equals("--version") || arguments[0].equals("-V"))) {
            System.out.println("pgark " + Version.text());
            return;
        }
        TlsCiphers.install();
        PrintStream out = buffered(FileDescriptor.out);
        PrintStream err = buffered(FileDescriptor.err);
        List<String> words = ProcessText.ofThisProcess().words(arguments);
        Optional<Integer> program = UpstreamPrograms.run(words, err);
        if (program.isPresent()) {
            err.flush();
            // They leave nothing to the process's end, for which the JVM would begin to log: a third of what a small
            // one takes.
            Runtime.getRuntime().halt(program.get());
        }
        int exitCode = command(words, out, err);
        out.flush();
        err.flush();
        Interruption.end(exitCode);
        System.exit(exitCode);
    }

    private static int command(List<String> words, PrintStream out, PrintStream err) {
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
