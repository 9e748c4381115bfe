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

    /** A file that is to be pushed: what comes behind it begins after it. */
    synchronized Turn expect(String name) {
        return turns.computeIfAbsent(name, Turn::new);
    }

    /** What became of a file. */
    enum Fate {
        /** It is in the archive. */
        STORED,
        /** It is not what its name says, or the archive has other content under its name. */
        REFUSED,
        /** It may be refused when it is tried again. */
        UNKNOWN
    }

    /** One file on its way. */
    final class Turn implements PutSteps {
        private final String name;
        private List<Turn> before = List.of();
        private boolean begun;
        private boolean clear;
        private Fate fate = Fate.UNKNOWN;
        private boolean ended;

        private Turn(String name) {
            this.name = name;
        }

        /**
         * It is to be pushed now, behind those that have begun.
         *
         * @return false if one before it is expected and has not begun, which must begin first
         */
        boolean begin() {
            synchronized (PushOrder.this) {
                List<Turn> lower = lower();
                if (lower.stream().anyMatch(other -> !other.begun)) {
                    return false;
                }
                begun = true;
                before = lower;
                return true;
            }
        }

        /** It is pushed now, whatever is before it. */
        void beginAtOnce() {
            synchronized (PushOrder.this) {
                begun = true;
            }
        }

        private List<Turn> lower() {
            return WalSegmentName.isName(name)
                    ? turns.headMap(name, false).values().stream()
                            .filter(this::isOnTheSameTimeline)
                            .toList()
                    : List.of();
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
                    while (!other.clear && !other.ended) {
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
                    if (other.fate == Fate.REFUSED || !(other.clear || other.fate == Fate.STORED)) {
                        throw new OutOfTurnException(name, other.name);
                    }
                }
            }
        }

        /** Tells the others how far it is, and does not wait for them. */
        PutSteps ahead() {
            return new PutSteps() {
                @Override
                public void nothingThere() {
                    Turn.this.nothingThere();
                }

                @Override
                public void beforeCommit() {
                    // The server itself asks for one after the other.
                }
            };
        }

        /** It is done with. */
        void end(Fate became) {
            synchronized (PushOrder.this) {
                fate = became;
                ended = true;
                before = List.of();
                turns.remove(name, this);
                PushOrder.this.notifyAll();
            }
        }
    }
}
