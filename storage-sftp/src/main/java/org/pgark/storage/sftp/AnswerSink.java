package org.pgark.storage.sftp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Takes the bytes that come from the server, on the connection's own thread, and hands each answer to who waits for it. */
final class AnswerSink extends OutputStream {
    private static final int LENGTH = Integer.BYTES;
    private static final int MOST_BYTES = 1 << 20;

    private final ConcurrentMap<Integer, CompletableFuture<SftpAnswer>> awaited = new ConcurrentHashMap<>();
    private final CompletableFuture<SftpAnswer> version = new CompletableFuture<>();
    private final ByteBuffer head = ByteBuffer.allocate(LENGTH);
    private ByteBuffer packet = ByteBuffer.allocate(0);
    private boolean inPacket;
    private volatile boolean ended;

    /** The server's first packet, which has no number. */
    CompletableFuture<SftpAnswer> version() {
        return version;
    }

    /** The answer that will have a number. */
    CompletableFuture<SftpAnswer> await(int number) {
        CompletableFuture<SftpAnswer> answer = new CompletableFuture<>();
        awaited.put(number, answer);
        if (ended) {
            end();
        }
        return answer;
    }

    /** Whether nothing will come any more. */
    boolean isEnded() {
        return ended;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] array, int offset, int length) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(array, offset, length);
        while (source.hasRemaining()) {
            ByteBuffer target = inPacket ? packet : head;
            int count = Math.min(source.remaining(), target.remaining());
            target.put(source.slice(source.position(), count));
            source.position(source.position() + count);
            if (!target.hasRemaining()) {
                filled();
            }
        }
    }

    private void filled() throws IOException {
        if (!inPacket) {
            int length = head.flip().getInt();
            head.clear();
            if (length < 1 + LENGTH || length > MOST_BYTES) {
                end();
                throw new IOException("the server sent a packet of " + Integer.toUnsignedString(length) + " bytes");
            }
            packet = ByteBuffer.allocate(length);
            inPacket = true;
            return;
        }
        inPacket = false;
        int type = packet.flip().get();
        if (type == SftpAnswer.VERSION) {
            version.complete(new SftpAnswer(type, packet));
            return;
        }
        CompletableFuture<SftpAnswer> answer = awaited.remove(packet.getInt());
        if (answer != null) {
            answer.complete(new SftpAnswer(type, packet));
        }
    }

    /** The connection is over; who waits is told so. */
    void end() {
        ended = true;
        SftpConnectionLost lost = new SftpConnectionLost("the connection was lost");
        version.completeExceptionally(lost);
        awaited.forEach((number, answer) -> {
            answer.completeExceptionally(lost);
            awaited.remove(number);
        });
    }

    @Override
    public void close() {
        end();
    }
}
