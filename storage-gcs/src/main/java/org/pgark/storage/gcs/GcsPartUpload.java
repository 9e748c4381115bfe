package org.pgark.storage.gcs;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.pgark.storage.bucket.Attempts;
import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;

/**
 * A resumable upload: one stream of bytes, sent piece by piece. The service keeps whole multiples of 256 KiB of what it got
 * and says how much that is; so what is left of a part goes with the next one. Parts wait for those before them.
 */
final class GcsPartUpload implements PartUpload {
    private static final int UNIT = 256 << 10;

    private final GcsRequests requests;
    private final URI session;
    private final Ownership ownership;
    private final CRC32C sum = new CRC32C();
    private byte[] rest = new byte[0];
    private long kept;
    private int next = 1;
    private @Nullable IOException failure;
    private boolean taken;

    /** Whether the object that has the key is the one that was to be created. */
    interface Ownership {
        boolean isOurs() throws IOException;
    }

    GcsPartUpload(GcsRequests requests, String session, Ownership ownership) {
        this.requests = requests;
        this.session = URI.create(session);
        this.ownership = ownership;
    }

    @Override
    public synchronized void send(int number, PartBytes content) throws IOException {
        awaitTurn(number);
        try {
            sum.update(content.array(), 0, content.length());
            byte[] all = Arrays.copyOf(rest, rest.length + content.length());
            System.arraycopy(content.array(), 0, all, rest.length, content.length());
            int whole = all.length / UNIT * UNIT;
            if (whole > 0 && !taken) {
                push(all, whole);
            }
            rest = Arrays.copyOfRange(all, whole, all.length);
            next++;
        } catch (IOException e) {
            failure = e;
            throw e;
        } finally {
            notifyAll();
        }
    }

    private void awaitTurn(int number) throws IOException {
        try {
            while (number != next && failure == null) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
        if (failure != null) {
            throw new IOException("a part before could not be sent: " + failure.getMessage(), failure);
        }
    }

    /** Sends bytes that follow what the service keeps, until it keeps them too. */
    private void push(byte[] bytes, int length) throws IOException {
        long begin = kept;
        while (kept < begin + length && !taken) {
            long before = kept;
            requests.attempts().of(repeated -> {
                if (repeated) {
                    ask();
                }
                if (kept < begin || kept > begin + length) {
                    throw new IOException("the service keeps " + kept + " bytes of an upload, between " + begin
                            + " and " + (begin + length) + " were expected");
                }
                int from = (int) (kept - begin);
                return from == length || taken || sendPiece(bytes, from, length - from);
            });
            if (kept == before && !taken) {
                throw new IOException("the service keeps nothing of what is sent");
            }
        }
    }

    private boolean sendPiece(byte[] bytes, int from, int length) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(session)
                .header("Content-Range", "bytes " + kept + "-" + (kept + length - 1) + "/*")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes, from, length));
        return requests.sendOnce(request, this::takeProgress, false);
    }

    /** Asks how much the service keeps. */
    private void ask() throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(session)
                .header("Content-Range", "bytes */*")
                .PUT(HttpRequest.BodyPublishers.noBody());
        requests.sendOnce(request, this::takeProgress, false);
    }

    private boolean takeProgress(GcsAnswer answer, boolean repeated) throws IOException {
        if (answer.status() == GcsAnswer.RESUME) {
            // "bytes=0-N", or nothing where it keeps nothing
            kept = answer.header("range")
                    .map(range -> Long.parseLong(range.substring(range.indexOf('-') + 1)) + 1)
                    .orElse(0L);
            return true;
        }
        if (answer.status() == GcsAnswer.PRECONDITION_FAILED) {
            taken = true;
            return true;
        }
        throw answer.refusal();
    }

    @Override
    public synchronized boolean complete(int parts) throws IOException {
        if (next != parts + 1) {
            throw new IllegalStateException(next - 1 + " of " + parts + " parts were sent");
        }
        if (taken) {
            return ownership.isOurs();
        }
        long total = kept + rest.length;
        return requests.attempts().of(repeated -> finish(total, repeated));
    }

    private boolean finish(long total, boolean repeated) throws IOException {
        String range = rest.length == 0 ? "bytes */" + total : "bytes " + kept + "-" + (total - 1) + "/" + total;
        HttpRequest.Builder request = HttpRequest.newBuilder(session)
                .header("Content-Range", range)
                // The service creates nothing of other bytes, so that nothing damaged takes the name.
                .header("X-Goog-Hash", "crc32c=" + GcsChecksum.text(sum))
                .PUT(HttpRequest.BodyPublishers.ofByteArray(rest));
        return requests.sendOnce(
                request,
                (answer, again) -> {
                    if (answer.isDone()) {
                        requireSame(answer.json());
                        return true;
                    }
                    if (answer.status() == GcsAnswer.PRECONDITION_FAILED) {
                        return ownership.isOurs();
                    }
                    boolean over = answer.status() == GcsAnswer.NOT_FOUND || answer.status() == GcsAnswer.GONE;
                    if (again && over && ownership.isOurs()) {
                        return true;
                    }
                    if (answer.status() == GcsAnswer.RESUME) {
                        throw Attempts.Passing.busy(
                                new IOException("the service lost the end of an upload"),
                                answer.status(),
                                java.util.Optional.empty());
                    }
                    throw answer.refusal();
                },
                repeated);
    }

    private void requireSame(JsonObject created) throws IOException {
        if (created.has("crc32c") && !created.get("crc32c").getAsString().equals(GcsChecksum.text(sum))) {
            throw new IOException("the service stored other bytes than were sent: its checksum is "
                    + created.get("crc32c").getAsString() + " instead of " + GcsChecksum.text(sum));
        }
    }

    @Override
    public void abort() throws IOException {
        requests.send(HttpRequest.newBuilder(session).DELETE(), (_, _) -> true);
    }
}
