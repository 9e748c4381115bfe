package org.pgark.postgres.wire;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answers to one statement text, in the order in which the server gives them. An answer that was not read to its end
 * is read over when the next one is asked for. Closing reads what is left, so that the connection can be used again.
 */
public final class Exchange implements AutoCloseable {
    private final WireConnection connection;
    private @Nullable Answer open;
    private boolean ended;
    private boolean streamRows;

    Exchange(WireConnection connection) {
        this.connection = connection;
    }

    /** Lets {@link #next()} give results with rows as a {@link RowStream} rather than whole. */
    Exchange streamingRows() {
        streamRows = true;
        return this;
    }

    /**
     * The next answer; empty when there are no more.
     *
     * @throws ServerErrorException if the server gave an error; the exchange is over then
     */
    public Optional<Answer> next() throws IOException {
        finishOpen();
        if (ended) {
            return Optional.empty();
        }
        int type = nextMessage();
        return switch (type) {
            case 'T' -> Optional.of(rows());
            case 'C' -> Optional.of(new QueryResult(List.of(), List.of(), reader().text(charset())));
            case 'I' -> Optional.of(new QueryResult(List.of(), List.of(), ""));
            case 'H' -> Optional.of(opened(new CopyOut(this)));
            case 'G' -> Optional.of(opened(new CopyIn(this)));
            case 'W' -> Optional.of(opened(new CopyBoth(this)));
            case 'Z' -> {
                end();
                yield Optional.empty();
            }
            default -> throw unexpected(type, "an answer");
        };
    }

    private Answer rows() throws IOException {
        RowStream rows = new RowStream(this, reader().shape(charset()));
        open = rows;
        return streamRows ? rows : new QueryResult(rows.columns(), rows.readAll(), rows.tag());
    }

    private Answer opened(Answer answer) {
        open = answer;
        return answer;
    }

    private void finishOpen() throws IOException {
        switch (open) {
            case null -> {}
            case RowStream rows -> rows.drain();
            case CopyOut copy -> copy.drain();
            case CopyIn copy -> copy.fail("the copy was given up");
            case CopyBoth copy -> copy.finish();
            case QueryResult _ -> {}
        }
        open = null;
    }

    /** The answer that was open has come to its end. */
    void partEnded() {
        open = null;
    }

    private void end() {
        ended = true;
        open = null;
        connection.exchangeEnded();
    }

    /** The next message that is not a notice, a parameter or a notification; an error of the server is thrown. */
    int nextMessage() throws IOException {
        return connection.nextMessage(this, false);
    }

    /** Like {@link #nextMessage()}, but COPY data comes in pieces. */
    int nextHead() throws IOException {
        return connection.nextMessage(this, true);
    }

    /** Reads up to the end of the exchange after an error; a further error is of no interest. */
    void endAfterError() throws IOException {
        open = null;
        while (!ended) {
            int type = connection.reader().next();
            switch (type) {
                case 'Z' -> end();
                case 'S', 'N', 'A' -> connection.handleAside(type);
                case 'E', 'C', 'd', 'c' -> {}
                default -> throw unexpected(type, "the end of a failed statement");
            }
        }
    }

    /** The rest of the exchange, of which only errors matter; gives the last command tag. */
    String finish() throws IOException {
        String tag = "";
        for (Optional<Answer> answer = next(); answer.isPresent(); answer = next()) {
            if (answer.get() instanceof QueryResult result) {
                tag = result.tag();
            }
        }
        return tag;
    }

    /** Ends early: cancels the statement unless its data had been read to the end, and reads what is left. */
    void abandon(boolean complete) throws IOException {
        if (ended) {
            return;
        }
        if (!complete) {
            connection.cancel();
        }
        try {
            finish();
        } catch (ServerErrorException e) {
            if (complete || !e.sqlState().equals("57014")) {
                throw e;
            }
        }
    }

    MessageReader reader() {
        return connection.reader();
    }

    MessageWriter writer() {
        return connection.writer();
    }

    WireConnection connection() {
        return connection;
    }

    Charset charset() {
        return connection.charset();
    }

    boolean isEnded() {
        return ended;
    }

    ProtocolViolationException unexpected(int type, String instead) {
        connection.breakOff();
        return new ProtocolViolationException(
                "unexpected message of type " + MessageReader.name(type) + " from server in place of " + instead);
    }

    @Override
    public void close() throws IOException {
        if (!ended && !connection.isClosed()) {
            finish();
        }
    }
}
