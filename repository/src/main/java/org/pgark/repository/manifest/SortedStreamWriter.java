package org.pgark.repository.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.pack.PackWriter;

/**
 * Writes entries in ascending order of keys as frames of some 256 KiB, and over them, level by level, frames that say
 * with which key each frame below begins: so that one entry is found by reading one frame a level. Holds one frame a
 * level in memory, and the first key and the address of every frame of entries. Not for several threads.
 *
 * <p>Where room is left for an entry that comes later, a frame ends, and the entry gets a frame of its own in the end.
 */
final class SortedStreamWriter {
    /** The longest key in bytes. */
    static final int MAX_KEY_LENGTH = 0xFFFF;

    static final int VERSION = 1;
    static final int FULL = 256 << 10;

    private final PackWriter packs;
    private final int full;
    private final List<Level> levels = new ArrayList<>(List.of(new Level(0)));
    private final List<Leaf> leaves = new ArrayList<>();
    private final ByteEncoder address = new ByteEncoder(64);
    private long entries;

    /** A key with what stands under it. */
    private static final class Entry {
        final byte[] key;
        final byte[] value;

        Entry(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }
    }

    /** What stands at one place of the order. */
    private sealed interface Leaf {
        /** A frame of entries, under the first key of which its address stands. */
        record Written(Entry address) implements Leaf {}

        /** Place for entries that come later; the key of {@code name} says where it is. */
        record Room(Entry name, List<Entry> entries) implements Leaf {}
    }

    SortedStreamWriter(PackWriter packs) {
        this(packs, FULL);
    }

    SortedStreamWriter(PackWriter packs, int full) {
        this.packs = packs;
        this.full = full;
    }

    /** A frame that is being filled. */
    private static final class Level {
        final int number;
        final ByteEncoder chunk = new ByteEncoder(4096);
        byte[] firstKey = {};
        byte[] lastKey = {};
        int count;
        boolean written;

        Level(int number) {
            this.number = number;
            begin();
        }

        private void begin() {
            chunk.clear();
            chunk.putByte(VERSION);
            chunk.putByte(number);
            count = 0;
        }

        void add(byte[] key, byte[] value) {
            int shared = count == 0 ? 0 : Math.max(0, Arrays.mismatch(lastKey, key));
            chunk.putNumber(shared);
            chunk.putNumber(key.length - shared);
            chunk.putRaw(key, shared, key.length - shared);
            chunk.putBytes(value);
            firstKey = count == 0 ? key : firstKey;
            lastKey = key;
            count++;
        }

        FrameAddress write(PackWriter packs) throws IOException {
            FrameAddress address = packs.append(chunk.view(), FrameRole.STREAM);
            begin();
            written = true;
            return address;
        }
    }

    /**
     * Adds an entry.
     *
     * @throws IllegalArgumentException if its key is not greater than the one before, by unsigned bytes
     */
    void add(byte[] key, byte[] value) throws IOException {
        if (key.length == 0 || key.length > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException("invalid key of " + key.length + " bytes");
        }
        checkOrder(key);
        add(0, key, value);
        entries++;
    }

    private void checkOrder(byte[] key) {
        // The empty key is less than all others.
        if (Arrays.compareUnsigned(levels.getFirst().lastKey, key) >= 0) {
            throw new IllegalArgumentException("entries are not in ascending order");
        }
    }

    /** Leaves room for an entry, at this place of the order. */
    void leaveRoom(byte[] key) throws IOException {
        checkOrder(key);
        Level entriesNow = levels.getFirst();
        if (entriesNow.count > 0) {
            write(entriesNow);
        }
        entriesNow.lastKey = key;
        leaves.add(new Leaf.Room(new Entry(key, new byte[0]), new ArrayList<>()));
    }

    /**
     * Adds an entry for which room was left: one whose key is that of the room, or several, in ascending order, whose keys
     * begin with it.
     *
     * @throws IllegalArgumentException if no room is left for it
     */
    void fillRoom(byte[] room, byte[] key, byte[] value) {
        for (Leaf leaf : leaves) {
            if (leaf instanceof Leaf.Room place && Arrays.equals(place.name.key, room)) {
                fill(place, new Entry(key, value));
                entries++;
                return;
            }
        }
        throw new IllegalArgumentException("no room is left for it");
    }

    private static void fill(Leaf.Room place, Entry entry) {
        boolean fits = Arrays.equals(
                place.name.key,
                0,
                place.name.key.length,
                entry.key,
                0,
                Math.min(place.name.key.length, entry.key.length));
        if (!fits
                || (!place.entries.isEmpty() && Arrays.compareUnsigned(place.entries.getLast().key, entry.key) >= 0)) {
            throw new IllegalArgumentException("no room is left for it");
        }
        place.entries.add(entry);
    }

    private void add(int number, byte[] key, byte[] value) throws IOException {
        if (number == levels.size()) {
            levels.add(new Level(number));
        }
        Level level = levels.get(number);
        // Two at least in an index, so that every level has at most half as many frames as the one below.
        int least = number == 0 ? 1 : 2;
        if (level.count >= least && level.chunk.length() + key.length + value.length > full) {
            write(level);
        }
        level.add(key, value);
    }

    private void write(Level level) throws IOException {
        byte[] firstKey = level.firstKey;
        address.clear();
        address.putAddress(level.write(packs));
        if (level.number == 0) {
            leaves.add(new Leaf.Written(new Entry(firstKey, address.toByteArray())));
        } else {
            add(level.number + 1, firstKey, address.toByteArray());
        }
    }

    /** Writes what is left, from the bottom to the top. */
    StreamRoot finish() throws IOException {
        if (!leaves.isEmpty()) {
            writeLeaves();
        }
        int number = leaves.isEmpty() ? 0 : 1;
        while (levels.get(number).written || levels.size() > number + 1) {
            write(levels.get(number));
            number++;
        }
        return new StreamRoot(levels.get(number).write(packs), entries);
    }

    private void writeLeaves() throws IOException {
        Level last = levels.getFirst();
        if (last.count > 0) {
            write(last);
        }
        levels.add(new Level(1));
        for (Leaf leaf : leaves) {
            switch (leaf) {
                case Leaf.Written(Entry written) -> add(1, written.key, written.value);
                case Leaf.Room room -> writeRoom(room);
            }
        }
    }

    private void writeRoom(Leaf.Room room) throws IOException {
        Level own = new Level(0);
        for (Entry entry : room.entries) {
            if (own.count > 0 && own.chunk.length() + entry.key.length + entry.value.length > full) {
                writeRoom(own);
            }
            own.add(entry.key, entry.value);
        }
        if (own.count > 0) {
            writeRoom(own);
        }
    }

    private void writeRoom(Level own) throws IOException {
        byte[] firstKey = own.firstKey;
        address.clear();
        address.putAddress(own.write(packs));
        add(1, firstKey, address.toByteArray());
    }
}
