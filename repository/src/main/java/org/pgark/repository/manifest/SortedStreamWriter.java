package org.pgark.repository.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    /** A frame of entries, or a room. */
    private static final class Leaf {
        final byte[] key;
        final boolean isRoom;
        /** The frame's address, or the entry of a room; empty while the room is. */
        Optional<byte[]> content;

        Leaf(byte[] key, boolean isRoom, Optional<byte[]> content) {
            this.key = key;
            this.isRoom = isRoom;
            this.content = content;
        }
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
        leaves.add(new Leaf(key, true, Optional.empty()));
    }

    /**
     * Adds an entry for which room was left.
     *
     * @throws IllegalArgumentException if no room is left for it
     */
    void fillRoom(byte[] key, byte[] value) {
        for (Leaf leaf : leaves) {
            if (leaf.isRoom && leaf.content.isEmpty() && Arrays.equals(leaf.key, key)) {
                leaf.content = Optional.of(value);
                entries++;
                return;
            }
        }
        throw new IllegalArgumentException("no room is left for it");
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
            leaves.add(new Leaf(firstKey, false, Optional.of(address.toByteArray())));
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
            if (leaf.content.isEmpty()) {
                continue;
            }
            byte[] content = leaf.content.get();
            if (leaf.isRoom) {
                Level alone = new Level(0);
                alone.add(leaf.key, content);
                address.clear();
                address.putAddress(alone.write(packs));
                content = address.toByteArray();
            }
            add(1, leaf.key, content);
        }
    }
}
