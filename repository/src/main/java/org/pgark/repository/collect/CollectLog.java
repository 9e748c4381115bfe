package org.pgark.repository.collect;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.repository.frame.ObjectId;

/** The log of a cluster, as collecting reads and continues it. */
public interface CollectLog {
    /** Ends sessions of processes that are known or presumed to be dead. */
    void endStaleSessions() throws IOException;

    /** What the log says now. */
    LogView view() throws IOException;

    /** Where frames of packs stand that were rewritten: in one other pack each. */
    Map<ObjectId, ObjectId> moves() throws IOException;

    /**
     * Adds a mark, if everything that it rests on still holds: the newest mark is the one of the view, every backup that
     * is needed now was needed then, and, if packs are marked that no backup lists, no backup is being taken.
     *
     * @param unlisted whether packs are among the dead ones that no backup lists
     * @param done the deleted backups of which no packs are left but marked ones
     * @return the name of the mark; empty if it was not added, because something does not hold any more
     */
    Optional<String> mark(LogView view, String lastMark, MarkedPacks packs, boolean unlisted, List<String> done)
            throws IOException;

    /**
     * A mark whose packs are not deleted yet.
     *
     * @param entry the number of its entry
     * @param packs what it marks
     * @param waitsFor who began before it and is not done, in words; empty if its packs may be deleted
     */
    record Unswept(long entry, MarkedPacks packs, List<String> waitsFor) {
        public Unswept {
            waitsFor = List.copyOf(waitsFor);
        }
    }

    /** The marks whose packs are not deleted yet. */
    List<Unswept> unswept() throws IOException;

    /** Says that the packs of marks are deleted. */
    void swept(List<Long> entries) throws IOException;
}
