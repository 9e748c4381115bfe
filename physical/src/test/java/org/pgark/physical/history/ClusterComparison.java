package org.pgark.physical.history;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.datadir.RelationPath;

/** Compares the files of two clusters at rest that were replayed to the same position. */
final class ClusterComparison {
    private static final int MOST = 20;
    private static final int MAP_BITS = 24;

    private final Path one;
    private final Path other;
    private final Lsn otherStart;
    private final Path original;
    private final List<String> differences = new ArrayList<>();
    private long pages;

    /**
     * @param otherStart from where the WAL is replayed that made {@code other} consistent
     * @param original the data directory of the server that both come from, which has not changed since that position
     */
    ClusterComparison(Path one, Path other, Lsn otherStart, Path original) {
        this.one = one;
        this.other = other;
        this.otherStart = otherStart;
        this.original = original;
    }

    /** What differs, in words; empty if all is well. */
    List<String> differences() throws IOException {
        Map<String, Path> left = files(one);
        Map<String, Path> right = files(other);
        Set<String> all = new TreeSet<>(left.keySet());
        all.addAll(right.keySet());
        Set<String> unlogged = new TreeSet<>();
        for (String path : all) {
            if (path.endsWith("_init")) {
                unlogged.add(path.substring(0, path.length() - "_init".length()));
            }
        }
        for (String path : all) {
            Optional<RelationPath> relation = RelationPath.parse(path);
            if (path.startsWith("pg_xact/")) {
                compareWhole(path, withoutAborts(content(left, path)), withoutAborts(content(right, path)));
            } else if (relation.isEmpty()) {
                compareWhole(path, content(left, path), content(right, path));
            } else if (!unlogged.contains(path.replaceFirst("(_vm|_fsm)?([.][0-9]+)?$", ""))) {
                switch (relation.get().file().fork()) {
                    case MAIN, INIT -> comparePages(path, content(left, path), content(right, path));
                    case VISIBILITY_MAP -> compareMaps(path, content(left, path), content(right, path));
                    case FREE_SPACE_MAP -> {}
                }
            }
        }
        return differences;
    }

    /** How many pages were compared. */
    long pages() {
        return pages;
    }

    private static Map<String, Path> files(Path directory) throws IOException {
        Map<String, Path> found = new TreeMap<>();
        for (String part : List.of("base", "global", "pg_tblspc", "pg_xact")) {
            try (Stream<Path> walk = Files.walk(directory.resolve(part), FileVisitOption.FOLLOW_LINKS)) {
                walk.filter(Files::isRegularFile)
                        .forEach(file -> found.put(directory.relativize(file).toString(), file));
            }
        }
        found.keySet()
                .removeIf(path -> path.contains("pg_internal.init")
                        || path.contains("pgsql_tmp")
                        || path.matches(".*/t[0-9]+_[^/]*")
                        || path.equals("global/pg_control"));
        return found;
    }

    private static byte[] content(Map<String, Path> files, String path) throws IOException {
        Path file = files.get(path);
        return file == null ? new byte[0] : Files.readAllBytes(file);
    }

    private void compareWhole(String path, byte[] left, byte[] right) {
        int mismatch = Arrays.mismatch(left, right);
        if (mismatch >= 0) {
            add(path + " differs from byte " + mismatch + " on, bytes " + hex(left, mismatch) + " and "
                    + hex(right, mismatch));
        }
    }

    /**
     * The states of transactions, two bits each, with "aborted" (2) made "in progress" (0). A checkpoint does not wait for the
     * state of a transaction whose abort it finds in the WAL before it (xact.c, RecordTransactionCommit says why): after
     * recovery a transaction that is not known to have ended has aborted as well.
     */
    static byte[] withoutAborts(byte[] states) {
        byte[] masked = states.clone();
        for (int at = 0; at < masked.length; at++) {
            int aborted = masked[at] & 0xaa & ~(masked[at] << 1);
            masked[at] ^= (byte) aborted;
        }
        return masked;
    }

    private static String hex(byte[] bytes, int at) {
        return HexFormat.of().formatHex(bytes, Math.min(at, bytes.length), Math.min(at + 16, bytes.length));
    }

    private void comparePages(String path, byte[] left, byte[] right) {
        int end = used(left);
        while (end > used(right) && isLate(left, (end - 1) * PageMask.PAGE)) {
            end--;
        }
        if (end != used(right)) {
            if (!isLeftOver(path)) {
                add(path + " has " + used(left) + " pages in the one and " + used(right) + " in the other");
            }
            return;
        }
        for (int page = 0; page < end; page++) {
            pages++;
            int at = page * PageMask.PAGE;
            if (isZero(right, at) && isLate(left, at)) {
                continue;
            }
            compare(path, page, PageMask.masked(left, at), PageMask.masked(right, at), left, right);
        }
    }

    /**
     * Whether a file belongs to nothing. A server deletes the files of a relation after the commit that dropped it was logged
     * (xact.c), so whoever copies them between the two, from a checkpoint that began there, never hears of it.
     */
    private boolean isLeftOver(String path) {
        return !Files.exists(original.resolve(path));
    }

    /**
     * Whether a page that the other one, the plain copy, has as zeros only was logged before that copy's replay begins. Who
     * builds an index logs a bunch of pages and then writes them, and sees to a checkpoint in between by a synchronisation
     * of its own (bulk_write.c). That orders the two for a crash, but not for a base backup, which may read the file in between.
     */
    private boolean isLate(byte[] left, int at) {
        ByteBuffer page = ByteBuffer.wrap(left, at, 8).order(ByteOrder.LITTLE_ENDIAN);
        long high = Integer.toUnsignedLong(page.getInt());
        Lsn lsn = new Lsn(high << 32 | Integer.toUnsignedLong(page.getInt()));
        return !lsn.equals(Lsn.ZERO) && lsn.isBefore(otherStart);
    }

    /**
     * Bits that are missing are no danger, and come about: CREATE DATABASE by WAL logs the pages without their bits, and
     * a map whose bits are all cleared may as well not be there.
     */
    private void compareMaps(String path, byte[] left, byte[] right) {
        for (int page = 0; page < Math.min(used(left), used(right)); page++) {
            pages++;
            int at = page * PageMask.PAGE;
            ByteBuffer first = PageMask.maskedMap(left, at);
            ByteBuffer second = PageMask.maskedMap(right, at);
            if (!isEmpty(first) && !isEmpty(second)) {
                compare(path, page, first, second, left, right);
            }
        }
    }

    private void compare(String path, int page, ByteBuffer first, ByteBuffer second, byte[] left, byte[] right) {
        int mismatch = first.mismatch(second);
        if (mismatch >= 0) {
            int at = page * PageMask.PAGE;
            add(path + " page " + page + " differs from byte " + mismatch + " on, page LSNs " + lsn(left, at) + " and "
                    + lsn(right, at) + ", bytes " + hex(first, mismatch) + " and " + hex(second, mismatch));
        }
    }

    private static boolean isEmpty(ByteBuffer map) {
        for (int at = MAP_BITS; at < PageMask.PAGE; at++) {
            if (map.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private static String hex(ByteBuffer page, int at) {
        byte[] bytes = new byte[Math.min(16, PageMask.PAGE - at)];
        page.get(at, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String lsn(byte[] file, int at) {
        ByteBuffer page = ByteBuffer.wrap(file, at, 8).order(ByteOrder.LITTLE_ENDIAN);
        return Integer.toHexString(page.getInt()) + "/" + Integer.toHexString(page.getInt());
    }

    /** Pages up to the last one that is not all zeros: those after it were added without WAL, and are in use nowhere. */
    private static int used(byte[] file) {
        int end = file.length / PageMask.PAGE * PageMask.PAGE;
        while (end > 0 && file[end - 1] == 0 && isZero(file, end - PageMask.PAGE)) {
            end -= PageMask.PAGE;
        }
        return end / PageMask.PAGE;
    }

    private static boolean isZero(byte[] file, int from) {
        for (int at = from; at < from + PageMask.PAGE; at++) {
            if (file[at] != 0) {
                return false;
            }
        }
        return true;
    }

    private void add(String difference) {
        if (differences.size() < MOST) {
            differences.add(difference);
        }
    }
}
