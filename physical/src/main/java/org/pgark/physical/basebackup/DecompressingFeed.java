package org.pgark.physical.basebackup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Decompresses, on a thread of its own, what is written to it, and gives it to another stream. */
final class DecompressingFeed extends OutputStream {
    private static final int PIPE = 1 << 20;

    /** Opens a decompressor over compressed bytes. */
    interface Decompressor {
        InputStream open(InputStream compressed) throws IOException;
    }

    private final PipedOutputStream pipe = new PipedOutputStream();
    private final Thread worker;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    DecompressingFeed(Decompressor decompressor, OutputStream target) throws IOException {
        super();
        PipedInputStream compressed = new PipedInputStream(pipe, PIPE);
        worker = Thread.ofPlatform().daemon().name("pgark-decompress").start(() -> {
            try (compressed;
                    InputStream content = decompressor.open(compressed)) {
                byte[] buffer = new byte[128 << 10];
                for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                    target.write(buffer, 0, read);
                }
                target.close();
            } catch (IOException | RuntimeException e) {
                failure.set(e);
            }
        });
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        check();
        try {
            pipe.write(source, offset, length);
            // Without this the reader looks only once a second.
            pipe.flush();
        } catch (IOException e) {
            check();
            throw e;
        }
    }

    private void check() throws IOException {
        Exception thrown = failure.get();
        if (thrown instanceof BaseBackupException known) {
            throw known;
        }
        if (thrown != null) {
            throw new BaseBackupException("could not decompress data: " + thrown.getMessage(), thrown);
        }
    }

    @Override
    public void close() throws IOException {
        pipe.close();
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        check();
    }
}
