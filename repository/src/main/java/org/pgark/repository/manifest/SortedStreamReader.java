package org.pgark.repository.manifest;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.pack.FrameReader;

/** Goes through the entries that a {@link SortedStreamWriter} wrote, from a key on. Not for several threads. */
final class SortedStreamReader {
    private final FrameReader frames;
    private final FrameVisitor visitor;
    private final Deque<Chunk> path = new ArrayDeque<>();

    /** An entry. */
    static final class Entry {
        private final byte[] key;
        private final byte[] value;

        private Entry(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }

        byte[] key() {
            return key;
        }

        byte[] value() {
            return value;
        }
    }

    /** Begins at the first entry whose key is not less than {@code from}. */
    SortedStreamReader(FrameReader frames, StreamRoot root, byte[] from) throws IOException {
        this(frames, root, from, _ -> {});
    }

    /** Like {@link #SortedStreamReader(FrameReader, StreamRoot, byte[])}, and tells of each frame of the stream. */
    SortedStreamReader(FrameReader frames, StreamRoot root, byte[] from, FrameVisitor visitor) throws IOException {
        this.frames = frames;
        this.visitor = visitor;
        Chunk chunk = new Chunk(root.root(), -1);
        path.push(chunk);
        while (chunk.level > 0) {
            FrameAddress child = chunk.seekChild(from);
            if (child == null) {
                return;
            }
            chunk = new Chunk(child, chunk.level - 1);
            path.push(chunk);
        }
        chunk.seek(from);
    }

    /** The next entry; empty at the end. */
    Optional<Entry> next() throws IOException {
        while (!path.isEmpty()) {
            Chunk chunk = path.element();
            if (!chunk.advance()) {
                path.pop();
            } else if (chunk.level == 0) {
                return Optional.of(new Entry(chunk.key, chunk.value));
            } else {
                path.push(new Chunk(chunk.child(), chunk.level - 1));
            }
        }
        return Optional.empty();
    }

    /** One frame of the stream. */
    private final class Chunk {
        final FrameAddress address;
        final int level;
        private final ByteDecoder source;
        byte[] key = {};
        byte[] value = {};
        private boolean held;

        Chunk(FrameAddress address, int expectedLevel) throws IOException {
            this.address = address;
            visitor.visit(frames.current(address));
            byte[] raw = new byte[address.rawLength()];
            frames.read(address, raw);
            source = new ByteDecoder(raw);
            try {
                int version = source.takeByte();
                level = source.takeByte();
                if (version != SortedStreamWriter.VERSION || (expectedLevel >= 0 && level != expectedLevel)) {
                    throw new MalformedBytesException("it has version " + version + " and level " + level);
                }
            } catch (MalformedBytesException e) {
                throw damaged(e);
            }
        }

        private DamagedObjectException damaged(MalformedBytesException cause) {
            return new DamagedObjectException(
                    frames.nameOf(address.pack()), "frame " + address.frame() + " is malformed: " + cause.getMessage());
        }

        /** Goes to the next entry, unless the one at hand was not taken yet. */
        boolean advance() throws IOException {
            if (held) {
                held = false;
                return true;
            }
            if (source.remaining() == 0) {
                return false;
            }
            try {
                byte[] before = key;
                int shared = source.takeNumber(before.length, "the shared length of a key");
                int rest = source.takeNumber(SortedStreamWriter.MAX_KEY_LENGTH - shared, "the length of a key");
                key = Arrays.copyOf(before, shared + rest);
                System.arraycopy(source.takeRaw(rest), 0, key, shared, rest);
                value = source.takeBytes();
                if (Arrays.compareUnsigned(before, key) >= 0) {
                    throw new MalformedBytesException("its keys are not in ascending order");
                }
                return true;
            } catch (MalformedBytesException e) {
                throw damaged(e);
            }
        }

        /** Goes to before the first entry that is not less. */
        void seek(byte[] from) throws IOException {
            while (advance()) {
                if (Arrays.compareUnsigned(key, from) >= 0) {
                    held = true;
                    return;
                }
            }
        }

        /** Goes behind the last child that begins with {@code from} or less, and says where it is. */
        @Nullable
        FrameAddress seekChild(byte[] from) throws IOException {
            FrameAddress child = null;
            while (advance()) {
                if (child != null && Arrays.compareUnsigned(key, from) > 0) {
                    held = true;
                    break;
                }
                child = child();
            }
            return child;
        }

        FrameAddress child() throws IOException {
            try {
                ByteDecoder decoder = new ByteDecoder(value);
                FrameAddress child = decoder.takeAddress();
                decoder.expectEnd();
                return child;
            } catch (MalformedBytesException e) {
                throw damaged(e);
            }
        }
    }
}
