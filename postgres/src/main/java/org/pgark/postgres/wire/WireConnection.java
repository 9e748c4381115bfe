package org.pgark.postgres.wire;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.connection.ServerAddress;

/**
 * An open session with a server. For one thread at a time, but for {@link #cancel()}, which any thread may call.
 *
 * <pre>{@code
 * try (WireConnection connection = WireConnection.open(settings);
 *         CopyOut copy = connection.copyOut("COPY account TO STDOUT")) {
 *     copy.transferTo(file);
 * }
 * }</pre>
 */
public final class WireConnection implements AutoCloseable {
    private final WireSocket socket;
    private final ServerAddress server;
    private final ConnectionSettings settings;
    private final MessageReader reader;
    private final MessageWriter writer;
    private final Map<String, String> parameters = new HashMap<>();
    private NoticeListener notices;
    private Charset charset = StandardCharsets.UTF_8;
    private CancelKey cancelKey = CancelKey.NONE;
    private char transactionStatus = 'I';
    private @Nullable Exchange current;

    WireConnection(
            WireSocket socket,
            ServerAddress server,
            ConnectionSettings settings,
            MessageReader reader,
            MessageWriter writer,
            NoticeListener notices) {
        this.socket = socket;
        this.server = server;
        this.settings = settings;
        this.reader = reader;
        this.writer = writer;
        this.notices = notices;
    }

    /** Enters a server for ordinary statements; notices are not heard. */
    public static WireConnection open(ConnectionSettings settings) throws WireException {
        return open(settings, SessionKind.ORDINARY, NoticeListener.none());
    }

    /**
     * Enters the first server of the settings that takes the session and is of the kind that {@code
     * target_session_attrs} asks for.
     *
     * @throws ConnectFailedException if there is none
     */
    public static WireConnection open(ConnectionSettings settings, SessionKind kind, NoticeListener notices)
            throws WireException {
        return new ConnectionOpener(settings, kind, notices).open();
    }

    /** Runs one or more statements and gives the result of each, with all rows. */
    public List<QueryResult> query(String sql) throws IOException {
        List<QueryResult> results = new ArrayList<>();
        try (Exchange exchange = send(sql)) {
            for (Optional<Answer> answer = exchange.next(); answer.isPresent(); answer = exchange.next()) {
                if (!(answer.get() instanceof QueryResult result)) {
                    throw new IllegalArgumentException("statement begins a COPY: " + sql);
                }
                results.add(result);
            }
        }
        return results;
    }

    /** The rows of one statement. */
    public List<Row> queryRows(String sql) throws IOException {
        List<QueryResult> results = query(sql);
        return results.isEmpty() ? List.of() : results.getLast().rows();
    }

    /** The rows of one statement, as they arrive; close it before the next statement. */
    public RowStream queryStream(String sql) throws IOException {
        Exchange exchange = send(sql).streamingRows();
        Optional<Answer> answer = exchange.next();
        if (answer.isPresent() && answer.get() instanceof RowStream rows) {
            return rows;
        }
        exchange.close();
        throw new IllegalArgumentException("statement gives no rows: " + sql);
    }

    /** Runs one or more statements whose results do not matter. */
    public void execute(String sql) throws IOException {
        try (Exchange exchange = send(sql)) {
            exchange.finish();
        }
    }

    /** Begins a statement that copies from the server; close what it gives before the next statement. */
    public CopyOut copyOut(String sql) throws IOException {
        return begin(sql, CopyOut.class);
    }

    /** Begins a statement that copies to the server; close what it gives before the next statement. */
    public CopyIn copyIn(String sql) throws IOException {
        return begin(sql, CopyIn.class);
    }

    private <A extends Answer> A begin(String sql, Class<A> kind) throws IOException {
        Exchange exchange = send(sql);
        Optional<Answer> answer = exchange.next();
        if (answer.isPresent() && kind.isInstance(answer.get())) {
            return kind.cast(answer.get());
        }
        exchange.close();
        throw new IllegalArgumentException("statement begins no " + kind.getSimpleName() + ": " + sql);
    }

    /**
     * Sends a statement text and gives the answers one by one; the way for replication commands, whose answers are of
     * several kinds.
     *
     * @throws IllegalStateException if the answers to the text before were not read to the end
     */
    public Exchange send(String sql) throws IOException {
        if (current != null) {
            throw new IllegalStateException("the answers to the statement before were not read to the end");
        }
        Exchange exchange = new Exchange(this);
        current = exchange;
        sendText('Q', sql);
        return exchange;
    }

    /** What the server last said of a parameter, for example {@code server_version}; empty if it did not. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    /** The server's version as a number, for example 150018 for 15.18; 0 if it gave none. */
    public int serverVersion() {
        return ServerVersion.number(parameters.getOrDefault("server_version", ""));
    }

    /** The charset of texts in both directions; follows {@code client_encoding}. */
    public Charset charset() {
        return charset;
    }

    /** Which of the servers of the settings this is. */
    public ServerAddress server() {
        return server;
    }

    /** The settings that the connection was opened with. */
    public ConnectionSettings settings() {
        return settings;
    }

    /** Hears notices from now on. */
    public void onNotice(NoticeListener listener) {
        notices = listener;
    }

    /** {@code I} outside a transaction, {@code T} inside one, {@code E} inside one that failed. */
    public char transactionStatus() {
        return transactionStatus;
    }

    /** The process number of the server's backend. */
    public int backendProcess() {
        return cancelKey.process();
    }

    /** Whether the session is over on this side. */
    public boolean isClosed() {
        return socket.isClosed();
    }

    /** Whether the session is encrypted. */
    public boolean isEncrypted() {
        return socket.isEncrypted();
    }

    /** Asks the server, over a connection of its own, to give up the running statement; it may come too late. */
    public void cancel() throws IOException {
        cancelKey.send(settings, server, socket.isEncrypted());
    }

    MessageReader reader() {
        return reader;
    }

    MessageWriter writer() {
        return writer;
    }

    void exchangeEnded() {
        current = null;
    }

    void setCancelKey(CancelKey key) {
        cancelKey = key;
    }

    void sendText(char type, String text) throws IOException {
        MessageWriter message = writer.begin(type).text(text, charset);
        sending(message::send);
    }

    void sendEmpty(char type) throws IOException {
        MessageWriter message = writer.begin(type);
        sending(message::send);
    }

    void send(char type, byte[] source, int offset, int length) throws IOException {
        sending(() -> writer.send(type, source, offset, length));
    }

    private interface Sending {
        void run() throws IOException;
    }

    /** A server that ends a session says why; what could not be sent is no reason to miss that. */
    private void sending(Sending action) throws IOException {
        if (isClosed()) {
            throw new ConnectionLostException("connection is closed");
        }
        try {
            action.run();
        } catch (IOException e) {
            throw lastWords(e);
        }
    }

    private WireException lastWords(IOException failure) {
        try {
            socket.setTimeout(Duration.ofSeconds(2));
            while (true) {
                int type = reader.next();
                if (type == 'E') {
                    return new ServerErrorException(reader.serverMessage(charset));
                }
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        } finally {
            breakOff();
        }
        return new ConnectionLostException("could not send data to server: " + reason(failure), failure);
    }

    static String reason(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    int nextMessageWithin(Exchange exchange, Duration patience) throws IOException {
        if (reader.hasMessage()) {
            return nextMessage(exchange, false);
        }
        socket.setTimeout(patience.isZero() ? Duration.ofMillis(1) : patience);
        try {
            return nextMessage(exchange, false);
        } finally {
            if (!isClosed()) {
                socket.setTimeout(Duration.ZERO);
            }
        }
    }

    int nextMessage(Exchange exchange, boolean headOnly) throws IOException {
        while (true) {
            int type = readMessage(headOnly);
            switch (type) {
                case 'E' -> throw failed(exchange);
                case 'N', 'S', 'A' -> handleAside(type);
                case 'Z' -> {
                    transactionStatus = (char) reader.int8();
                    return type;
                }
                default -> {
                    return type;
                }
            }
        }
    }

    private int readMessage(boolean headOnly) throws IOException {
        if (isClosed()) {
            throw new ConnectionLostException("connection is closed");
        }
        try {
            return headOnly ? reader.nextHead() : reader.next();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** Some more of a message of which only the head was read; false at its end. */
    boolean nextPiece() throws IOException {
        try {
            return reader.nextPiece();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** What is to be thrown in place of a failure to read; but for a time limit, which may be tried again, it ends the session. */
    private IOException lost(IOException failure) {
        if (failure instanceof SocketTimeoutException) {
            return failure;
        }
        breakOff();
        return failure instanceof WireException
                ? failure
                : new ConnectionLostException("could not receive data from server: " + reason(failure), failure);
    }

    private ServerErrorException failed(Exchange exchange) throws IOException {
        ServerErrorException error = new ServerErrorException(reader.serverMessage(charset));
        if (error.server().endsSession()) {
            breakOff();
            return error;
        }
        try {
            exchange.endAfterError();
        } catch (IOException e) {
            error.addSuppressed(e);
            breakOff();
        }
        return error;
    }

    /** Hears what the server has already sent while a COPY goes in; an error is thrown. */
    void handleArrived(Exchange exchange) throws IOException {
        while (reader.hasMessage() || socket.available() > 0) {
            int type = nextMessage(exchange, false);
            throw exchange.unexpected(type, "silence");
        }
    }

    void handleAside(int type) throws ProtocolViolationException {
        switch (type) {
            case 'S' -> {
                String name = reader.text(StandardCharsets.UTF_8);
                String value = reader.text(charset);
                parameters.put(name, value);
                if (name.equals("client_encoding")) {
                    charset = ClientEncoding.charset(value);
                }
            }
            case 'N' -> notices.notice(reader.serverMessage(charset));
            default -> {
                // Somebody's NOTIFY.
            }
        }
    }

    /** Ends the connection without a word, since nothing that comes from it can be understood any more. */
    void breakOff() {
        current = null;
        socket.closeQuietly();
    }

    /** Ends the session; a server that is gone already is no failure. */
    @Override
    public void close() {
        if (!isClosed()) {
            try {
                writer.begin('X').send();
            } catch (IOException e) {
                System.getLogger(WireConnection.class.getName())
                        .log(System.Logger.Level.DEBUG, "closing the session with " + server.description(), e);
            }
            socket.closeQuietly();
        }
    }
}
