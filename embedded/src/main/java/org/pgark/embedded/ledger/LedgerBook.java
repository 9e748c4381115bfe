package org.pgark.embedded.ledger;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory of a ledger, safe for many threads: in this process, and line by line in a file, from which another
 * process can read it again.
 */
public final class LedgerBook implements AutoCloseable {
    private final ConcurrentSkipListMap<Long, LedgerEntry> entries = new ConcurrentSkipListMap<>();
    private final Map<String, WalPosition> restorePoints = new ConcurrentHashMap<>();
    private final Set<WalPosition> marks = ConcurrentHashMap.newKeySet();
    private final AtomicInteger commits = new AtomicInteger();
    private final Writer file;

    private LedgerBook(Writer file) {
        this.file = file;
    }

    /** An empty book that is written to a new file. */
    static LedgerBook create(Path file) throws IOException {
        return new LedgerBook(Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW));
    }

    /** A book as its file tells it; the last line may be cut, since its writer may have been killed. */
    public static LedgerBook read(Path file) throws IOException {
        LedgerBook book = new LedgerBook(new BufferedWriter(Writer.nullWriter()));
        String text = Files.readString(file);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            book.take(line);
        }
        return book;
    }

    private void take(String line) throws IOException {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "entry" -> {
                LedgerEntry entry = new LedgerEntry(
                        Long.parseLong(words[1]),
                        Long.parseLong(words[2]),
                        WalPosition.parse(words[3]),
                        WalPosition.parse(words[4]),
                        Instant.parse(words[5]),
                        Instant.parse(words[6]),
                        Instant.parse(words[7]),
                        Boolean.parseBoolean(words[8]));
                enter(entry);
            }
            case "point" -> restorePoints.put(line.substring(line.indexOf(' ', 6) + 1), WalPosition.parse(words[1]));
            case "mark" -> marks.add(WalPosition.parse(words[1]));
            default -> throw new IOException("line \"" + line + "\" is no line of a ledger");
        }
    }

    /** Writes down an attempt, or what became of it. */
    void write(LedgerEntry entry) throws IOException {
        enter(entry);
        writeLine("entry " + entry.id() + " " + entry.transaction() + " " + entry.notBefore() + " " + entry.notAfter()
                + " " + entry.earliest() + " " + entry.latest() + " " + entry.acknowledged() + " " + entry.committed());
    }

    private void enter(LedgerEntry entry) {
        entries.put(entry.id(), entry);
        if (entry.committed()) {
            commits.incrementAndGet();
        }
    }

    /** Writes down a position at which one record ended and the next one begins. */
    void write(WalPosition mark) throws IOException {
        marks.add(mark);
        writeLine("mark " + mark);
    }

    /** Writes down where the record of a restore point ends. */
    void write(String restorePoint, WalPosition end) throws IOException {
        restorePoints.put(restorePoint, end);
        writeLine("point " + end + " " + restorePoint);
    }

    private void writeLine(String line) throws IOException {
        synchronized (file) {
            file.write(line + "\n");
            file.flush();
        }
    }

    /** Every transaction that was attempted, by ascending id. */
    public Collection<LedgerEntry> entries() {
        return List.copyOf(entries.values());
    }

    /** The transactions that the client knows as committed, by ascending id. */
    public List<LedgerEntry> committed() {
        return entries.values().stream().filter(LedgerEntry::committed).toList();
    }

    /** How many transactions the client knows as committed. */
    public int commits() {
        return commits.get();
    }

    Set<WalPosition> marks() {
        return Set.copyOf(marks);
    }

    /** Where the record of a restore point ends. */
    Optional<WalPosition> restorePoint(String name) {
        return Optional.ofNullable(restorePoints.get(name));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
