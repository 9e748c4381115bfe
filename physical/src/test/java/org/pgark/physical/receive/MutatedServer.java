package org.pgark.physical.receive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.wire.NoticeListener;
import org.pgark.postgres.wire.SessionKind;
import org.pgark.postgres.wire.WireConnection;

/** A server that answers each request with the next part of a script, some bytes of which are others than they should be. */
public final class MutatedServer implements AutoCloseable {
    private static final int MILLIS_TO_NEXT_REQUEST = 20;
    private static final int PATIENCE = 30_000;
    private static final int[] EXTREMES = {0, 1, -1, 3, 4, 0x7fff_ffff, 0x8000_0000, 0x0100_0000, 0xffff};

    private final ServerSocket listener;
    private volatile List<byte[]> script = List.of();
    private volatile int patience = PATIENCE;

    /** Stands on a port of its own. */
    public MutatedServer() throws IOException {
        listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                socket.setTcpNoDelay(true);
                answer(socket);
            } catch (IOException e) {
                // The client has gone, as it may.
            }
        }
    }

    private void answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] request = new byte[8192];
        try {
            for (byte[] part : script) {
                if (in.read(request) < 0) {
                    return;
                }
                socket.getOutputStream().write(part);
                socket.getOutputStream().flush();
                // A client to which the answer looks unfinished waits for the rest; it is told that there is none.
                socket.setSoTimeout(patience);
            }
        } catch (SocketTimeoutException e) {
            socket.setSoTimeout(0);
        }
        socket.shutdownOutput();
        socket.setSoTimeout(0);
        while (in.read(request) >= 0) {
            // Whatever else it says.
        }
    }

    /** From now on it does not wait long for requests, since its answers may look unfinished. */
    public void hurry() {
        patience = MILLIS_TO_NEXT_REQUEST;
    }

    /** Connects to it, while it follows this script; its first part answers the start. */
    public WireConnection open(List<byte[]> parts) throws IOException {
        script = List.copyOf(parts);
        return WireConnection.open(settings(), SessionKind.PHYSICAL_REPLICATION, NoticeListener.none());
    }

    /** The way to it. */
    public ConnectionSettings settings() throws IOException {
        return ConnectionSettings.resolve(
                "host=127.0.0.1 sslmode=disable user=u dbname=d port=" + listener.getLocalPort(),
                ConnectionEnvironment.of(Map.of(), Path.of("/nowhere"), "u"));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /** The script with one to six changes in parts of it, never in the first. */
    public static List<byte[]> mutated(List<byte[]> parts, Random random) {
        List<byte[]> changed = new ArrayList<>(parts);
        int changes = 1 + random.nextInt(6);
        for (int change = 0; change < changes; change++) {
            int part = 1 + random.nextInt(parts.size() - 1);
            changed.set(part, mutated(changed.get(part), random));
        }
        return changed;
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        if (bytes.length < 8) {
            return bytes;
        }
        int at = random.nextInt(bytes.length - 4);
        int length = Math.min(1 + random.nextInt(40), bytes.length - at);
        byte[] copy = bytes.clone();
        switch (random.nextInt(6)) {
            case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> copy[at] = (byte) random.nextInt(256);
            case 2 -> ByteBuffer.wrap(copy).putInt(at, EXTREMES[random.nextInt(EXTREMES.length)]);
            case 3 -> copy = Arrays.copyOf(copy, at);
            case 4 -> copy = joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + length, bytes.length));
            default -> copy = joined(Arrays.copyOf(bytes, at + length), Arrays.copyOfRange(bytes, at, bytes.length));
        }
        return copy;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** Messages of the protocol, one after another. */
    public static final class Messages {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        /** What a server of this version says to who enters. */
        public static byte[] welcome(String version) {
            return new Messages()
                    .message('R', new byte[4])
                    .message('S', text("server_version\0" + version + "\0"))
                    .message('K', new byte[] {0, 0, 0, 1, 0, 0, 0, 2})
                    .message('Z', text("I"))
                    .toBytes();
        }

        /** One message. */
        public Messages message(char type, byte[] body) {
            bytes.write(type);
            bytes.writeBytes(ByteBuffer.allocate(4).putInt(body.length + 4).array());
            bytes.writeBytes(body);
            return this;
        }

        /** A result of text columns, one row, and its tag. */
        public Messages result(String tag, String... values) {
            return columns(values.length).row(values).message('C', text(tag + "\0"));
        }

        /** The description of text columns. */
        public Messages columns(int count) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(new byte[] {0, (byte) count});
            for (int column = 0; column < count; column++) {
                body.writeBytes(text("c" + column + "\0"));
                body.writeBytes(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 25, -1, -1, -1, -1, -1, -1, 0, 0});
            }
            return message('T', body.toByteArray());
        }

        /** One row; the empty text is NULL. */
        public Messages row(String... values) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(new byte[] {0, (byte) values.length});
            for (String value : values) {
                body.writeBytes(ByteBuffer.allocate(4)
                        .putInt(value.isEmpty() ? -1 : value.length())
                        .array());
                body.writeBytes(text(value));
            }
            return message('D', body.toByteArray());
        }

        /** The server is ready for the next request. */
        public Messages ready() {
            return message('Z', text("I"));
        }

        /** All of it. */
        public byte[] toBytes() {
            return bytes.toByteArray();
        }

        private static byte[] text(String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** A case that a failure of any other kind than an IOException fails. */
    @FunctionalInterface
    public interface Attempt {
        /** What is done with the server. */
        void run() throws Exception;
    }

    /** Runs one case; an IOException is a right answer to wrong bytes. */
    public static void survives(Attempt attempt, String what) {
        try {
            attempt.run();
        } catch (IOException | UncheckedIOException e) {
            if (String.valueOf(e.getMessage()).isBlank()) {
                throw new AssertionError("no words for a failure, " + what, e);
            }
        } catch (Exception | Error e) {
            throw new AssertionError(what, e);
        }
    }
}
