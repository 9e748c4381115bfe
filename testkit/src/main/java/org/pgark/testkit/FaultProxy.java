package org.pgark.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in front of an HTTP service and lets faults strike requests by chance: connections reset before the service hears
 * of a request, after it has obeyed, or in the middle of its answer; answers whose body ends early, in good order; contents that
 * arrive at the service with another byte; answers that say 500, 503 or 429; answers that trickle; if asked for, contents of
 * objects that arrive at the client with another byte, which only TLS or the reader can notice.
 * What it draws depends on its seed and on the order in which requests come.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int TRICKLE = 1000;
    private static final String NOT_IMPLEMENTED = """
            HTTP/1.1 501 Not Implemented\r
            Content-Type: application/xml\r
            Content-Length: 53\r
            \r
            <Error><Code>NotImplemented</Code></Error><!-- no -->""";

    private final ServerSocket listener;
    private final int upstream;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger struck = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private Random random = new Random(0);
    private double share;
    private double damagedShare;
    private final AtomicInteger passing = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile int answered;
    private final Queue<Turn> turns = new ConcurrentLinkedQueue<>();
    private volatile String turnsOf = "";
    private volatile Condition condition = Condition.HEARD;

    /** What becomes of the condition that a name is free, {@code If-None-Match}. */
    public enum Condition {
        /** The service hears of it. */
        HEARD,
        /** The service never hears of it, and does what it would do without. */
        IGNORED,
        /** The answer is 501. */
        TURNED_DOWN
    }

    /** What may befall a request. */
    private enum Fault {
        NONE,
        RESET_BEFORE,
        RESET_AFTER,
        RESET_IN_ANSWER,
        TRUNCATED,
        DAMAGED_ON_THE_WAY,
        BUSY,
        SLOW
    }

    private FaultProxy(ServerSocket listener, int upstream) {
        this.listener = listener;
        this.upstream = upstream;
    }

    /** Stands in front of a service of 127.0.0.1; lets everything pass at first. */
    public static FaultProxy start(int upstream) throws IOException {
        FaultProxy proxy = new FaultProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), upstream);
        Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    /** The port it listens on, at 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** From now on this share of requests is struck, by a schedule of its own; 0 lets everything pass. */
    public synchronized void strike(double ofAll, long seed) {
        share = ofAll;
        random = new Random(seed);
    }

    /** What becomes of conditions from now on. The service behind must not check signatures, which cover them. */
    public void condition(Condition becomes) {
        condition = becomes;
    }

    /** From now on this share of the objects that are read has another byte in the middle, whatever else strikes. */
    public synchronized void damageContents(double ofAll) {
        damagedShare = ofAll;
    }

    /** So many requests that come next are answered by a status of the service's own. */
    public void answer(int status, int requests) {
        answerAfter(0, status, requests);
    }

    /** Likewise, after some more have passed; status 0 resets their connections. */
    public void answerAfter(int passed, int status, int requests) {
        answers.set(0);
        answered = status;
        passing.set(passed);
        answers.set(requests);
    }

    /**
     * The requests that come next and whose first line holds some text take these turns, one each; then they pass again.
     * Whoever asks for it sees to it that no two such requests are under way at once, else they may take each other's.
     */
    public void next(String inFirstLine, Turn... each) {
        turns.clear();
        turnsOf = inFirstLine;
        turns.addAll(List.of(each));
    }

    /** Whether all turns were taken. */
    public boolean haveTurnsEnded() {
        return turns.isEmpty();
    }

    /** From now on nothing is struck. */
    public void calm() {
        strike(0, 0);
        damageContents(0);
        answerAfter(0, 0, 0);
    }

    /** How many requests came so far. */
    public int requests() {
        return requests.get();
    }

    /** How many requests were struck so far. */
    public int struck() {
        return struck.get();
    }

    private synchronized Fault draw() {
        if (random.nextDouble() >= share) {
            return Fault.NONE;
        }
        struck.incrementAndGet();
        return Fault.values()[1 + random.nextInt(Fault.values().length - 1)];
    }

    private synchronized int drawBusyStatus() {
        return new int[] {500, 503, 429}[random.nextInt(3)];
    }

    private synchronized boolean drawDamage() {
        if (damagedShare == 0 || random.nextDouble() >= damagedShare) {
            return false;
        }
        struck.incrementAndGet();
        return true;
    }

    private boolean isDue() {
        boolean due = passing.getAndUpdate(left -> Math.max(0, left - 1)) == 0
                && answers.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        if (due) {
            struck.incrementAndGet();
        }
        return due;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket service = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
            open.add(service);
            client.setTcpNoDelay(true);
            service.setTcpNoDelay(true);
            boolean more = true;
            while (more) {
                more = pass(client, service);
            }
            open.remove(service);
        } catch (IOException e) {
            // One of the two is gone, which the other will notice.
            return;
        } finally {
            open.remove(client);
        }
    }

    private Turn turn(HttpHead request) throws IOException {
        boolean isAwaited = request.text().lines().findFirst().orElse("").contains(turnsOf);
        Turn turn = isAwaited ? turns.poll() : null;
        if (turn == null) {
            return new Turn.AnsweredLate(Duration.ZERO);
        }
        struck.incrementAndGet();
        if (turn instanceof Turn.Overtaken overtaken) {
            overtaken.by().happen();
            return overtaken.then();
        }
        return turn;
    }

    /** Has the service do what nobody waits for any more. */
    private void passLater(HttpHead request, byte[] body, Duration later) {
        try {
            pause(later);
            try (Socket service = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
                service.getOutputStream().write(request.bytes());
                service.getOutputStream().write(body);
                HttpHead.read(service.getInputStream()).body(service.getInputStream());
            }
        } catch (IOException e) {
            // The service is gone before the test has ended.
            return;
        }
    }

    private static void pause(Duration time) throws IOException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private boolean pass(Socket client, Socket service) throws IOException {
        HttpHead request = HttpHead.read(client.getInputStream());
        if (request.bytes().length == 0) {
            return false;
        }
        byte[] body = request.body(client.getInputStream());
        requests.incrementAndGet();
        if (!request.header("if-none-match").isEmpty()) {
            if (condition == Condition.TURNED_DOWN) {
                client.getOutputStream().write(NOT_IMPLEMENTED.getBytes(StandardCharsets.US_ASCII));
                return true;
            }
            if (condition == Condition.IGNORED) {
                request = request.without("if-none-match");
            }
        }
        if (isDue()) {
            if (answered == 0) {
                return reset(client);
            }
            String answer = "HTTP/1.1 " + answered + " No\r\nContent-Length: 0\r\n\r\n";
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            return true;
        }
        Turn turn = turn(request);
        if (turn instanceof Turn.CutButDone cut) {
            HttpHead heard = request;
            Thread.ofVirtual().start(() -> passLater(heard, body, cut.later()));
            return reset(client);
        }
        if (turn instanceof Turn.Answered said) {
            String answer = "HTTP/1.1 " + said.status() + " Said\r\nContent-Type: application/xml\r\nContent-Length: "
                    + said.body().length() + "\r\n\r\n" + said.body();
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            return true;
        }
        Fault fault = draw();
        if (fault == Fault.RESET_BEFORE) {
            return reset(client);
        }
        if (fault == Fault.BUSY) {
            String answer = "HTTP/1.1 " + drawBusyStatus() + " Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n";
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            return true;
        }
        if (fault == Fault.DAMAGED_ON_THE_WAY
                && body.length > 0
                && request.text().startsWith("PUT ")) {
            body[body.length / 2] ^= 1;
        }
        service.getOutputStream().write(request.bytes());
        service.getOutputStream().write(body);
        HttpHead answer = HttpHead.read(service.getInputStream());
        if (answer.bytes().length == 0) {
            return reset(client);
        }
        boolean bodiless = request.text().startsWith("HEAD ") || answer.text().startsWith("HTTP/1.1 204");
        byte[] content = bodiless ? new byte[0] : answer.body(service.getInputStream());
        if (turn instanceof Turn.AnsweredLate late) {
            pause(late.later());
        }
        if (fault == Fault.RESET_AFTER) {
            return reset(client);
        }
        if (content.length > 0 && request.isForContent() && drawDamage()) {
            content[content.length / 2] ^= 1;
        }
        OutputStream out = client.getOutputStream();
        out.write(answer.bytes());
        if (fault == Fault.RESET_IN_ANSWER || fault == Fault.TRUNCATED) {
            out.write(content, 0, content.length / 2);
            out.flush();
            return fault == Fault.RESET_IN_ANSWER && reset(client);
        }
        for (int at = 0; at < content.length; at += fault == Fault.SLOW ? TRICKLE : content.length) {
            out.write(content, at, Math.min(content.length - at, fault == Fault.SLOW ? TRICKLE : content.length));
            out.flush();
        }
        return !answer.header("connection").equalsIgnoreCase("close");
    }

    private static boolean reset(Socket client) throws IOException {
        client.setSoLinger(true, 0);
        client.close();
        return false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
