package org.pgark.physical.systemcall;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;

/**
 * mincore(2) and posix_fadvise(2): leaves no more of a file in the page cache than was there before it was read.
 *
 * <p>Nothing here is needed for what is read to be right, so what the system refuses is passed over in silence.
 */
public final class PageCache {
    /** POSIX_FADV_DONTNEED. */
    private static final int NOT_NEEDED = 4;

    private final MethodHandle open;
    private final MethodHandle close;
    private final MethodHandle mincore;
    private final MethodHandle advise;
    private final long page;

    private PageCache(LinuxCalls calls) {
        open = calls.function("open", LinuxCalls.OPEN, LinuxCalls.OPEN_VARIADIC);
        close = calls.function("close", LinuxCalls.CLOSE);
        mincore = calls.function(
                "mincore",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));
        advise = calls.function(
                "posix_fadvise",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT));
        MethodHandle pageSize = calls.function("getpagesize", FunctionDescriptor.of(ValueLayout.JAVA_INT));
        try {
            page = (int) pageSize.invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The calls, if this platform has them and lets this process use them. */
    public static Optional<PageCache> available() {
        return LinuxCalls.available(PageCache::new);
    }

    /**
     * Which pages of a file's first {@code length} bytes are in memory now. The kernel tells this to the owner of a file and to who
     * may write it; for others it pretends that all are.
     *
     * @return nothing where it cannot be known
     */
    public Optional<Footprint> look(Path file, long length) {
        int pages = Math.toIntExact(Math.ceilDiv(length, page));
        if (pages == 0) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena);
            MemorySegment answers = arena.allocate(pages);
            if ((int) mincore.invokeExact(mapped, length, answers) != 0) {
                return Optional.empty();
            }
            return Optional.of(new Footprint(file, pages, present(answers.toArray(ValueLayout.JAVA_BYTE))));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Looks at an array, whose elements Java reads without a call from the start on. */
    private static BitSet present(byte[] answers) {
        BitSet present = new BitSet(answers.length);
        int from = 0;
        while (from < answers.length) {
            int state = answers[from] & 1;
            int to = from + 1;
            while (to < answers.length && (answers[to] & 1) == state) {
                to++;
            }
            if (state == 1) {
                present.set(from, to);
            }
            from = to;
        }
        return present;
    }

    /** Of a file of which nothing is to stay. */
    public Footprint none(Path file, long length) {
        return new Footprint(file, Math.toIntExact(Math.ceilDiv(length, page)), new BitSet());
    }

    /** How much of a file was in memory when it was looked at. Thread-safe. */
    public final class Footprint {
        private final Path file;
        private final int pages;
        private final BitSet present;

        private Footprint(Path file, int pages, BitSet present) {
            this.file = file;
            this.pages = pages;
            this.present = present;
        }

        /** How many of its pages were in memory. */
        public int presentPages() {
            return present.cardinality();
        }

        /** How many pages it has. */
        public int pages() {
            return pages;
        }

        /** Has the kernel forget those pages of a stretch that were not there before; changed ones it keeps. */
        public void restore(long position, long length) {
            int end = (int) Math.min(pages, Math.ceilDiv(position + length, page));
            int from = present.nextClearBit((int) Math.min(pages, position / page));
            if (from >= end) {
                return;
            }
            try (Arena arena = Arena.ofConfined()) {
                int descriptor = (int) open.invokeExact(arena.allocateFrom(file.toString()), LinuxCalls.READ_ONLY);
                if (descriptor < 0) {
                    return;
                }
                try {
                    while (from < end) {
                        int next = present.nextSetBit(from);
                        int to = next < 0 ? end : Math.min(next, end);
                        int ignored = (int) advise.invokeExact(descriptor, from * page, (to - from) * page, NOT_NEEDED);
                        from = present.nextClearBit(to);
                    }
                } finally {
                    int ignored = (int) close.invokeExact(descriptor);
                }
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
