package org.pgark.physical.receive;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wire.Exchange;
import org.pgark.postgres.wire.QueryResult;
import org.pgark.postgres.wire.Row;
import org.pgark.postgres.wire.ServerErrorException;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/** The short replication commands, in the syntax of the server's version. */
public final class ReplicationSession {
    private static final String DUPLICATE_OBJECT = "42710";
    /** From this version on options of replication commands stand in parentheses. */
    private static final int PARENTHESES = 150_000;

    private final WireConnection connection;

    /** Commands over a connection for replication, which stays the caller's. */
    public ReplicationSession(WireConnection connection) {
        this.connection = connection;
    }

    /** The connection itself. */
    public WireConnection connection() {
        return connection;
    }

    /**
     * What a server says of itself.
     *
     * @param identifier the system identifier, an unsigned number
     * @param timeline the current timeline
     * @param position how far WAL is flushed
     * @param database the database of the session, if it has one
     */
    public record SystemIdentity(String identifier, int timeline, Lsn position, Optional<String> database) {}

    /** IDENTIFY_SYSTEM. */
    public SystemIdentity identifySystem() throws IOException {
        QueryResult result = query("IDENTIFY_SYSTEM", "IDENTIFY_SYSTEM");
        if (result.rows().size() != 1 || result.columns().size() < 4) {
            throw new ReplicationException("could not identify system: " + got(result, 1, 3, " or more"));
        }
        Row row = result.rows().getFirst();
        return new SystemIdentity(row.string(0), (int) number(row, 1), lsn(row.string(2)), row.text(3));
    }

    /** SHOW of one setting. */
    public String show(String setting, String what) throws IOException {
        String command = "SHOW " + setting;
        QueryResult result = query(command, command);
        if (result.rows().size() != 1 || result.columns().isEmpty()) {
            throw new ReplicationException("could not fetch " + what + ": " + got(result, 1, 1, " or more"));
        }
        return result.rows().getFirst().string(0);
    }

    /** The size of the server's WAL segments, in bytes. */
    public int walSegmentSize() throws IOException {
        String text = show("wal_segment_size", "WAL segment size");
        int unit = 0;
        while (unit < text.length() && Character.isDigit(text.charAt(unit))) {
            unit++;
        }
        if (unit == 0 || unit == text.length() || unit > 9) {
            throw new ReplicationException("WAL segment size could not be parsed");
        }
        long size = Long.parseLong(text.substring(0, unit));
        switch (text.substring(unit)) {
            case "MB" -> size <<= 20;
            case "GB" -> size <<= 30;
            default -> {}
        }
        if (size < 1 << 20 || size > 1 << 30 || Long.bitCount(size) != 1) {
            throw new ReplicationException("remote server reported invalid WAL segment size (" + size + " bytes)");
        }
        return (int) size;
    }

    /** Whether the server's data directory lets its group read. */
    public boolean groupAccess() throws IOException {
        String text = show("data_directory_mode", "group access flag");
        try {
            return (Integer.parseInt(text, 8) & 0b000_101_000) == 0b000_101_000;
        } catch (NumberFormatException e) {
            throw new ReplicationException("group access flag could not be parsed: " + text, e);
        }
    }

    /** CREATE_REPLICATION_SLOT for a physical slot. */
    public void createSlot(String name, boolean temporary, boolean reserveWal, boolean existingIsFine)
            throws IOException {
        StringBuilder command = new StringBuilder("CREATE_REPLICATION_SLOT ").append(quoted(name));
        command.append(temporary ? " TEMPORARY" : "").append(" PHYSICAL");
        if (reserveWal) {
            command.append(usesParentheses() ? " ( RESERVE_WAL)" : "  RESERVE_WAL");
        }
        try {
            QueryResult result = connection.query(command.toString()).getFirst();
            if (result.rows().size() != 1 || result.columns().size() != 4) {
                throw new ReplicationException(
                        "could not create replication slot \"" + name + "\": " + got(result, 1, 4, ""));
            }
        } catch (ServerErrorException e) {
            if (!existingIsFine || !e.sqlState().equals(DUPLICATE_OBJECT)) {
                throw refused(command.toString(), e);
            }
        }
    }

    /** DROP_REPLICATION_SLOT. */
    public void dropSlot(String name) throws IOException {
        String command = "DROP_REPLICATION_SLOT " + quoted(name);
        query(command, command);
    }

    /**
     * Where a slot stands.
     *
     * @param position the oldest WAL that it keeps, if it keeps any
     * @param timeline the timeline of that, 0 if none
     */
    public record SlotPosition(Optional<Lsn> position, int timeline) {}

    /**
     * READ_REPLICATION_SLOT, which servers know from 15 on.
     *
     * @throws NoSuchSlotException if there is none of that name
     */
    public SlotPosition readSlot(String name) throws IOException {
        QueryResult result = query("READ_REPLICATION_SLOT " + quoted(name), "READ_REPLICATION_SLOT");
        if (result.rows().size() != 1 || result.columns().size() != 3) {
            throw new ReplicationException(
                    "could not read replication slot \"" + name + "\": " + got(result, 1, 3, ""));
        }
        Row row = result.rows().getFirst();
        if (row.isNull(0)) {
            throw new NoSuchSlotException(name);
        }
        if (!row.string(0).equals("physical")) {
            throw new ReplicationException(
                    "expected a physical replication slot, got type \"" + row.string(0) + "\" instead");
        }
        Optional<Lsn> position = row.isNull(1) ? Optional.empty() : Optional.of(lsn(row.string(1)));
        return new SlotPosition(position, row.isNull(2) ? 0 : (int) number(row, 2));
    }

    /**
     * A timeline's history file.
     *
     * @param name the file's name as the server gives it
     * @param content its bytes
     */
    record HistoryFile(String name, java.nio.ByteBuffer content) {}

    /** The text of a timeline's history file. */
    public byte[] timelineHistoryText(int timeline) throws IOException {
        return timelineHistory(timeline).content().array();
    }

    HistoryFile timelineHistory(int timeline) throws IOException {
        QueryResult result = query("TIMELINE_HISTORY " + Integer.toUnsignedString(timeline), "TIMELINE_HISTORY");
        if (result.rows().size() != 1 || result.columns().size() != 2) {
            throw new ReplicationException("unexpected response to TIMELINE_HISTORY command: " + got(result, 1, 2, ""));
        }
        Row row = result.rows().getFirst();
        return new HistoryFile(row.string(0), java.nio.ByteBuffer.wrap(row.bytes(1)));
    }

    /** Begins START_REPLICATION; the first answer is the stream, or at once the next timeline. */
    Exchange startReplication(Optional<String> slot, Lsn start, int timeline) throws IOException {
        return connection.send(
                "START_REPLICATION" + slot.map(name -> " SLOT " + quoted(name)).orElse("") + " " + start + " TIMELINE "
                        + Integer.toUnsignedString(timeline));
    }

    /** Whether options stand in parentheses. */
    public boolean usesParentheses() {
        return connection.serverVersion() >= PARENTHESES;
    }

    private QueryResult query(String command, String shown) throws IOException {
        try {
            List<QueryResult> results = connection.query(command);
            return results.isEmpty() ? new QueryResult(List.of(), List.of(), "") : results.getFirst();
        } catch (WireException e) {
            throw refused(shown, e);
        }
    }

    static ReplicationException refused(String command, WireException e) {
        return new ReplicationException("could not send replication command \"" + command + "\": " + e.getMessage(), e);
    }

    static String got(QueryResult result, int rows, int fields, String more) {
        return String.format(
                Locale.ROOT,
                "got %d rows and %d fields, expected %d rows and %d%s fields",
                result.rows().size(),
                result.columns().size(),
                rows,
                fields,
                more);
    }

    /** A position that a server gave; what is none is its fault. */
    public static Lsn lsn(String text) throws ReplicationException {
        try {
            return Lsn.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ReplicationException("could not parse write-ahead log location \"" + text + "\"", e);
        }
    }

    /** A number that a server gave; what is none is its fault. */
    public static long number(Row row, int column) throws ReplicationException {
        try {
            return row.number(column);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new ReplicationException("could not parse number \"" + row.string(column) + "\" of the server", e);
        }
    }

    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
