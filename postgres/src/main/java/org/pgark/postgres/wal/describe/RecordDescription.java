package org.pgark.postgres.wal.describe;

import java.util.List;
import java.util.Locale;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.WalRecord;

/** What pg_waldump says of records; the bytes of names in them are appended as characters of the same number. */
public final class RecordDescription {
    private static final int FIRST_OF_EXTENSIONS = 128;
    private static final int LAST = 255;

    private static final List<String> NAMES = List.of(
            "XLOG",
            "Transaction",
            "Storage",
            "CLOG",
            "Database",
            "Tablespace",
            "MultiXact",
            "RelMap",
            "Standby",
            "Heap2",
            "Heap",
            "Btree",
            "Hash",
            "Gin",
            "Gist",
            "Sequence",
            "SPGist",
            "BRIN",
            "CommitTs",
            "ReplicationOrigin",
            "Generic",
            "LogicalMessage");

    private static final List<RecordWords> WORDS = List.of(
            new LogWords(),
            new TransactionWords(),
            new StorageWords(),
            new CommitLogWords(),
            new DatabaseWords(),
            new TablespaceWords(),
            new MultiTransactionWords(),
            new RelationMapWords(),
            new StandbyWords(),
            new Heap2Words(),
            new HeapWords(),
            new BtreeWords(),
            new HashWords(),
            new GinWords(),
            new GistWords(),
            new SequenceWords(),
            new SpGistWords(),
            new BrinWords(),
            new CommitTimeWords(),
            new OriginWords(),
            new GenericWords(),
            new LogicalMessageWords());

    private RecordDescription() {}

    /** The names of the server's own resource managers, by number. */
    public static List<String> managers() {
        return NAMES;
    }

    /** Whether there can be a resource manager of this number: one of the server or of an extension. */
    public static boolean isManager(int number) {
        return (number >= 0 && number < NAMES.size()) || isOfExtension(number);
    }

    /** Whether a resource manager of this number belongs to an extension. */
    public static boolean isOfExtension(int number) {
        return number >= FIRST_OF_EXTENSIONS && number <= LAST;
    }

    /** The name of a resource manager; for that of an extension its number, such as {@code custom128}. */
    public static String manager(int number) {
        return isOfExtension(number) ? "custom" + number : NAMES.get(number);
    }

    /** The name of a kind of record, {@code UNKNOWN (a0)} for one that the version does not know. */
    public static String kind(PostgresMajor major, int manager, int info) {
        int operation = info & 0xF0;
        String name = isOfExtension(manager) ? "" : WORDS.get(manager).kind(major, operation);
        return name.isEmpty() ? String.format(Locale.ROOT, "UNKNOWN (%x)", operation) : name;
    }

    /** Appends the details; of a record that is too short for its kind, as many as it has. */
    public static void appendDetails(StringBuilder out, PostgresMajor major, WalRecord record) {
        int manager = record.resourceManager();
        if (isOfExtension(manager)) {
            out.append("rmid: ").append(manager);
            return;
        }
        try {
            WORDS.get(manager).describe(out, major, record);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            out.append(" (record too short)");
        }
    }
}
