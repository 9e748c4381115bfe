package org.pgark.agent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.PutSteps;

/**
 * Sees to it that no segment is archived ahead while it is not known whether one before it on its timeline is refused: what
 * comes behind one of another history would look in the archive as if it went on with the archive's own.
 *
 * <p>Segments are read and compressed at the same time all the same. One waits only as long as it takes to find out that the
 * archive has nothing under the name of the one before, or to compare what it has. For several threads.
 */
final class PushOrder {
    private final NavigableMap<String, Turn> turns = new TreeMap<>();

    /** A file that is to be pushed, or is about to be: all that come behind it and begin later heed it. */
    synchronized Turn expect(String name) {
        return turns.computeIfAbsent(name, Turn::new);
    }

    /** One file on its way. */
    final class Turn implements PutSteps {
        private final String name;
        private List<Turn> before = List.of();
        private boolean clear;
        private boolean refused;

        private Turn(String name) {
            this.name = name;
        }

        /** It is to be pushed now, behind those that are expected by now. */
        void begin() {
            synchronized (PushOrder.this) {
                before = WalSegmentName.isName(name)
                        ? turns.headMap(name, false).values().stream()
                                .filter(this::isOnTheSameTimeline)
                                .toList()
                        : List.of();
            }
        }

        private boolean isOnTheSameTimeline(Turn other) {
            return WalSegmentName.isName(other.name)
                    && WalSegmentName.parse(other.name)
                            .timeline()
                            .equals(WalSegmentName.parse(name).timeline());
        }

        @Override
        public void nothingThere() {
            synchronized (PushOrder.this) {
                clear = true;
                PushOrder.this.notifyAll();
            }
        }

        @Override
        public void beforeCommit() throws IOException {
            synchronized (PushOrder.this) {
                for (Turn other : before) {
                    while (!other.clear) {
                        try {
                            PushOrder.this.wait();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            throw new InterruptedIOException(
                                    "interrupted while waiting for segment \"" + other.name + "\"");
                        }
                    }
                }
                for (Turn other : before) {
                    if (other.refused) {
                        throw new OutOfTurnException(name, other.name);
                    }
                }
            }
        }

        /** It is done with, whatever became of it. */
        void end(boolean wasRefused) {
            synchronized (PushOrder.this) {
                refused = wasRefused;
                clear = true;
                before = List.of();
                turns.remove(name, this);
                PushOrder.this.notifyAll();
            }
        }
    }
}
