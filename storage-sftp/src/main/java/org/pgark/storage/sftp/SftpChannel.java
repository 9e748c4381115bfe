package org.pgark.storage.sftp;

import com.jcraft.jsch.ChannelSubsystem;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends requests and gets their answers, over one SSH connection of its own. Several threads may do so at the same time;
 * the server works on requests in the order in which they were sent.
 */
final class SftpChannel implements AutoCloseable {
    /** Makes a second name of a file; refused if the name is taken. */
    static final String HARD_LINK = "hardlink@openssh.com";

    /** Makes a file durable. */
    static final String SYNCHRONISE = "fsync@openssh.com";

    private static final int PROTOCOL = 3;
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

    private final Session session;
    private final AnswerSink answers = new AnswerSink();
    private final OutputStream requests;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger users = new AtomicInteger();
    private final Set<String> extensions = new HashSet<>();

    /**
     * Starts the server's side of the protocol.
     *
     * @param session connected; closed with this channel
     */
    SftpChannel(Session session, Duration limit) throws IOException {
        this.session = session;
        try {
            ChannelSubsystem channel = (ChannelSubsystem) session.openChannel("subsystem");
            channel.setSubsystem("sftp");
            channel.setWantReply(true);
            channel.setOutputStream(answers);
            requests = channel.getOutputStream();
            channel.connect((int) limit.toMillis());
            byte[] init = {0, 0, 0, 5, SftpRequest.INIT, 0, 0, 0, PROTOCOL};
            requests.write(init);
            requests.flush();
            greet(await(answers.version(), limit));
        } catch (JSchException e) {
            session.disconnect();
            throw new SftpConnectionLost("the server does not offer SFTP: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            session.disconnect();
            throw e;
        }
    }

    private void greet(SftpAnswer version) throws IOException {
        int spoken = version.number();
        if (spoken != PROTOCOL) {
            throw new IOException("the server speaks version " + spoken + " of SFTP instead of " + PROTOCOL);
        }
        while (version.fields().hasRemaining()) {
            extensions.add(version.text());
            version.bytes();
        }
    }

    boolean has(String extension) {
        return extensions.contains(extension);
    }

    boolean isOver() {
        return answers.isEnded() || !session.isConnected();
    }

    /** How many operations use this channel at the moment. */
    AtomicInteger users() {
        return users;
    }

    /** Sends a request; its answer is got by {@link #await(CompletableFuture)}. */
    CompletableFuture<SftpAnswer> send(SftpRequest request) throws IOException {
        int number = numbers.incrementAndGet();
        CompletableFuture<SftpAnswer> answer = answers.await(number);
        try {
            synchronized (requests) {
                request.writeTo(requests, number);
            }
        } catch (IOException e) {
            close();
            throw new SftpConnectionLost("the connection was lost: " + e.getMessage(), e);
        }
        return answer;
    }

    /** Sends a request whose answer nobody waits for. */
    void tell(SftpRequest request) throws IOException {
        var _ = send(request);
    }

    /** Sends a request and waits for its answer. */
    SftpAnswer ask(SftpRequest request) throws IOException {
        return await(send(request));
    }

    /** Waits for an answer. */
    SftpAnswer await(CompletableFuture<SftpAnswer> answer) throws IOException {
        return await(answer, SILENCE_LIMIT);
    }

    private SftpAnswer await(CompletableFuture<SftpAnswer> answer, Duration limit) throws IOException {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new SftpConnectionLost("the connection was lost", e);
        } catch (TimeoutException e) {
            close();
            throw new SftpConnectionLost("the server did not answer for " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }

    @Override
    public void close() {
        answers.end();
        session.disconnect();
    }
}
