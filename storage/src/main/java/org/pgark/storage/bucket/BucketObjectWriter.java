package org.pgark.storage.bucket;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.pgark.storage.NoConditionException;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectWriter;

/**
 * Collects a part, and sends it while the next one is being collected. What fits into one part is sent in one call; so
 * most objects take one request.
 */
final class BucketObjectWriter implements ObjectWriter {
    private static final int FIRST_BUFFER = 64 << 10;

    private final BucketClient client;
    private final Transfers transfers;
    private final ObjectName name;
    private final String key;
    private final String place;
    private final List<SentPart> sent = new ArrayList<>();
    private byte[] part = new byte[FIRST_BUFFER];
    private int length;
    private @Nullable PartUpload upload;
    private boolean finished;

    BucketObjectWriter(BucketClient client, Transfers transfers, ObjectName name, String key, String place) {
        this.client = client;
        this.transfers = transfers;
        this.name = name;
        this.key = key;
        this.place = place;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        while (source.hasRemaining()) {
            if (length == transfers.partSize()) {
                sendPart();
            }
            if (length == part.length) {
                part = java.util.Arrays.copyOf(part, Math.min(part.length * 2, transfers.partSize()));
            }
            int count = Math.min(source.remaining(), part.length - length);
            source.get(part, length, count);
            length += count;
        }
    }

    private void sendPart() throws IOException {
        PartUpload begun = upload;
        if (begun == null) {
            begun = begin();
            upload = begun;
        }
        PartBytes content = new PartBytes(part, length);
        int number = sent.size() + 1;
        failIfOneFailed();
        InFlight.Permit permit = acquire();
        sent.add(SentPart.begin(transfers, permit, begun, number, content));
        part = new byte[transfers.partSize()];
        length = 0;
    }

    private PartUpload begin() throws IOException {
        try {
            return client.upload(key);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private InFlight.Permit acquire() throws InterruptedIOException {
        try {
            return transfers.uploads().acquire();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Tells of a part that failed as soon as the next one is sent, not only at the end. */
    private void failIfOneFailed() throws IOException {
        for (SentPart part : sent) {
            if (part.isDone()) {
                await(part);
            }
        }
    }

    private void await(SentPart part) throws IOException {
        try {
            part.await();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw failure(cause);
            }
            throw new IllegalStateException("a part of object \"" + name + "\" could not be sent", e.getCause());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while object \"" + name + "\" was sent to " + place);
    }

    @Override
    public void commit() throws IOException {
        if (finished) {
            throw new IllegalStateException("object \"" + name + "\" is finished already");
        }
        boolean created;
        if (upload == null) {
            created = putWhole();
        } else {
            created = completeParts(upload);
        }
        finished = true;
        part = new byte[0];
        if (!created) {
            throw new ObjectExistsException(name, place);
        }
    }

    private boolean putWhole() throws IOException {
        try (InFlight.Permit permit = acquire()) {
            transfers.up().await(length);
            return permit.transfer(() -> client.put(key, new PartBytes(part, length)));
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private boolean completeParts(PartUpload begun) throws IOException {
        if (length > 0) {
            sendPart();
        }
        for (SentPart part : sent) {
            await(part);
        }
        try {
            boolean created = begun.complete(sent.size());
            if (!created) {
                begun.abort();
            }
            return created;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private IOException failure(IOException cause) {
        if (cause instanceof NoConditionException) {
            return cause;
        }
        return new IOException("cannot write object \"" + name + "\" in " + place + ": " + cause.getMessage(), cause);
    }

    @Override
    public void close() throws IOException {
        if (finished) {
            return;
        }
        finished = true;
        part = new byte[0];
        giveUpParts();
        if (upload != null) {
            abort(upload);
        }
    }

    /** What comes after the upload was given up may stay for ever. */
    private void giveUpParts() {
        sent.forEach(SentPart::giveUp);
        boolean interrupted = Thread.interrupted();
        try {
            for (SentPart part : sent) {
                part.awaitEnd();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void abort(PartUpload begun) throws IOException {
        try {
            begun.abort();
        } catch (IOException e) {
            throw new IOException("cannot give up object \"" + name + "\" in " + place + ": " + e.getMessage(), e);
        }
    }
}
