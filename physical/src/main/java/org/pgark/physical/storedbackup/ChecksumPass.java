package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestFile;

/** Reads the files of a plain backup, several at once, and compares their checksums. */
final class ChecksumPass {
    private static final int BUFFER_BYTES = 128 << 10;

    private final Path directory;
    private final BackupFindings findings;
    private final Iterator<ExpectedFile> files;

    ChecksumPass(Path directory, BackupFindings findings, Collection<ExpectedFile> files) {
        this.directory = directory;
        this.findings = findings;
        this.files = files.iterator();
    }

    void run() throws IOException {
        findings.advance(0);
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                ends.add(workers.submit(this::work));
            }
            for (Future<?> end : ends) {
                await(end);
            }
        }
        findings.finish();
    }

    private static void await(Future<?> end) throws IOException {
        try {
            end.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BackupFindings.StoppedException stopped) {
                throw stopped;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void work() {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (Optional<ExpectedFile> next = next(); next.isPresent(); next = next()) {
            ManifestFile file = next.get().file();
            if (next.get().isToBeRead() && !findings.isIgnored(file.path())) {
                verify(file, buffer);
            }
        }
    }

    private Optional<ExpectedFile> next() {
        synchronized (files) {
            return files.hasNext() ? Optional.of(files.next()) : Optional.empty();
        }
    }

    private void verify(ManifestFile file, byte[] buffer) {
        ManifestChecksum.Computation checksum = file.algorithm().begin();
        long bytes = 0;
        InputStream in;
        try {
            in = Files.newInputStream(directory.resolve(file.path()));
        } catch (IOException e) {
            findings.error("could not open file \"" + file.path() + "\": " + SystemReason.of(e));
            return;
        }
        try (in) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                bytes += read;
                checksum.update(buffer, 0, read);
                findings.advance(read);
            }
        } catch (IOException e) {
            findings.error("could not read file \"" + file.path() + "\": " + SystemReason.of(e));
            return;
        }
        if (bytes != file.size()) {
            findings.error("file \"" + file.path() + "\" should contain " + Long.toUnsignedString(file.size())
                    + " bytes, but read " + bytes);
            return;
        }
        ChecksumComparison.compare(findings, file, checksum.finish(), "");
    }
}
