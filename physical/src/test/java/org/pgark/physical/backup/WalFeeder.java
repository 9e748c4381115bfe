package org.pgark.physical.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.pgark.physical.ArchivedSource;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.archive.WalArchive;

/** Carries the files that a server's archive_command leaves in a folder into an archive. */
final class WalFeeder implements AutoCloseable {
    private final Path incoming;
    private final WalArchive archive;
    private final Set<String> carried = new HashSet<>();
    private final Thread thread;
    private volatile boolean ended;

    WalFeeder(Path incoming, WalArchive archive) {
        this.incoming = incoming;
        this.archive = archive;
        this.thread = Thread.ofPlatform().daemon().name("wal-feeder").start(this::run);
    }

    /** What archive_command has to be; a file is whole as soon as it has its name. */
    static String command(Path incoming) {
        return "cp %p " + incoming + "/%f.part && mv " + incoming + "/%f.part " + incoming + "/%f";
    }

    private void run() {
        try {
            while (!ended) {
                carry();
                Thread.sleep(20);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void carry() throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(incoming)) {
            files = listed.sorted().toList();
        }
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            if (!name.endsWith(".part") && carried.add(name)) {
                archive.put(WalFileName.parse(name), ArchivedSource.of(file, WalFileName.parse(name)));
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
