import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Passes on what comes to a port of 127.0.0.1 to another one, each byte later by so many milliseconds, in both directions. */
final class DelayProxy {
    private static final int BUFFER = 64 << 10;

    private DelayProxy() {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Piece(byte[] bytes, long due) {}

    public static void main(String[] words) throws IOException {
        int port = Integer.parseInt(words[0]);
        int target = Integer.parseInt(words[1]);
        long delay = Long.parseLong(words[2]) * 1_000_000;
        try (ServerSocket listener = new ServerSocket(port, 200, InetAddress.getLoopbackAddress())) {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                pass(client, server, delay);
                pass(server, client, delay);
            }
        }
    }

    private static void pass(Socket from, Socket to, long delay) {
        BlockingQueue<Piece> way = new LinkedBlockingQueue<>(1024);
        Thread.ofVirtual().start(() -> {
            try {
                InputStream in = from.getInputStream();
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    way.put(new Piece(java.util.Arrays.copyOf(buffer, read), System.nanoTime() + delay));
                }
            } catch (IOException | InterruptedException e) {
                // The other side is told below.
            } finally {
                way.add(new Piece(new byte[0], 0));
            }
        });
        Thread.ofVirtual().start(() -> {
            try (to) {
                OutputStream out = to.getOutputStream();
                for (Piece piece = way.take(); piece.bytes().length > 0; piece = way.take()) {
                    long wait = piece.due() - System.nanoTime();
                    if (wait > 0) {
                        Thread.sleep(java.time.Duration.ofNanos(wait));
                    }
                    out.write(piece.bytes());
                }
            } catch (IOException | InterruptedException e) {
                // Closed by the other side.
            }
        });
    }
}
