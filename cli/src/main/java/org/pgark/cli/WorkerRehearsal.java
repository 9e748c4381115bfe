package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.configuration.ConfigurationSources;
import org.pgark.physical.wal.Spool;
import org.pgark.physical.wal.SpoolRoot;

/** Lets the archive worker push and get a few segments, asked as the shell front asks. */
final class WorkerRehearsal {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SEGMENTS = 4;

    private final Path data;
    private final SpoolRoot spools;
    private final Spool spool;

    /** @param folder where data directory and spool are made */
    WorkerRehearsal(Path folder) {
        data = folder.resolve("data");
        spools = new SpoolRoot(folder.resolve("spool"));
        spool = spools.spool("main");
    }

    /** By this configuration, whose cluster {@code main} has the data directory {@code data} in the folder. */
    void run(Path configuration) throws Exception {
        List<String> segments = SampleData.make(data, SEGMENTS);
        Thread worker = Thread.ofPlatform().start(() -> {
            try {
                WorkerStart.work(
                        ConfigurationSources.current(Optional.of(configuration)),
                        Optional.of("main"),
                        List.of(),
                        spools);
            } catch (Exception e) {
                throw new IllegalStateException("the archive worker failed", e);
            }
        });
        for (String segment : segments) {
            ask(spool.push(), segment, "archived");
        }
        for (String segment : segments) {
            ask(spool.get(SampleData.SYSTEM), segment, "present");
        }
        worker.interrupt();
        worker.join();
    }

    private void ask(Path folder, String segment, String expected) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(segment + ".rehearsal.want"),
                "pgark request 1\n" + data + "\npg_wal/" + segment + "\nend\n");
        Path answer = folder.resolve(segment + ".rehearsal.answer");
        long begun = System.nanoTime();
        while (!Files.exists(answer)) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new IOException("the archive worker has not answered for \"" + segment + "\"");
            }
            Thread.sleep(5);
        }
        List<String> lines = Files.readAllLines(answer);
        if (!lines.contains(expected)) {
            throw new IOException("the archive worker answered " + lines + " for \"" + segment + "\"");
        }
    }
}
