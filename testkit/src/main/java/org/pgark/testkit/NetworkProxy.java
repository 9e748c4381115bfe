package org.pgark.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/** A network between a client and a port of this host, which can be cut, be slow, and change what it carries. */
public final class NetworkProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 << 10;

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean refusing;
    private volatile long bytesPerSecond = Long.MAX_VALUE;
    private final Lock lock = new ReentrantLock();
    private final Condition flowing = lock.newCondition();
    private boolean holding;
    private volatile UnaryOperator<OutputStream> change = UnaryOperator.identity();

    private NetworkProxy(ServerSocket listener, int target) {
        this.listener = listener;
        this.target = target;
    }

    /** Begins to pass on what comes for a port of its own. */
    public static NetworkProxy to(int port) throws IOException {
        NetworkProxy proxy = new NetworkProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
        Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    /** The port to connect to, on 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Cuts every connection that there is; new ones are served. */
    public void cut() throws IOException {
        for (Socket socket : sockets) {
            try {
                // Zero seconds of linger: the other side is told by a reset, as of a host that is gone.
                socket.setSoLinger(true, 0);
            } catch (SocketException e) {
                // Fine if it was closed by its other end meanwhile.
                if (!socket.isClosed()) {
                    throw e;
                }
            }
            socket.close();
        }
        sockets.clear();
    }

    /** From now on new connections are closed at once, or served again. */
    public void refuse(boolean all) {
        refusing = all;
    }

    /** From now on nothing is passed on, and nobody is told; or all of it again, that was held back too. */
    public void hold(boolean all) {
        lock.lock();
        try {
            holding = all;
            flowing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitFlow() throws InterruptedException {
        lock.lock();
        try {
            while (holding) {
                flowing.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What comes from the server is passed on no faster than this. */
    public void limit(long bytes) {
        bytesPerSecond = bytes;
    }

    /** On new connections some bytes of the server arrive as others, wherever they stand. */
    public void replace(byte[] from, byte[] to) {
        if (from.length != to.length) {
            throw new IllegalArgumentException("replacement of another length");
        }
        byte[] before = from.clone();
        byte[] after = to.clone();
        change = out -> new ReplacingStream(out, before, after);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException e) {
                // Closed, or the server is away, which the client sees.
                sockets.removeIf(Socket::isClosed);
            }
        }
    }

    private void serve(Socket client) throws IOException {
        if (refusing) {
            client.close();
            return;
        }
        sockets.add(client);
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(server);
        Thread.ofVirtual().start(() -> pass(client, server, false));
        Thread.ofVirtual().start(() -> pass(server, client, true));
    }

    private void pass(Socket from, Socket to, boolean limited) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = limited ? change.apply(to.getOutputStream()) : to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitFlow();
                out.write(buffer, 0, read);
                if (limited && bytesPerSecond != Long.MAX_VALUE) {
                    Thread.sleep(1000L * read / bytesPerSecond);
                }
            }
        } catch (IOException e) {
            // Cut.
            sockets.remove(from);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        hold(false);
        cut();
    }
}
