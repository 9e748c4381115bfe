package org.pgark.repository.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectWriter;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;

/**
 * Puts one file into the archive.
 *
 * <p>An object is never changed: one that is damaged is deleted, and a new one made. A server that asks for a segment between
 * the two must not hear that the archive has none, so the content is saved before in the form of a running segment, where
 * every reader looks next. One that is locked, or that its writer may not delete, stays where it is, and the new one stands
 * in for it under another name.
 */
final class FilePut {
    private static final int PIECE_LENGTH = 8 << 20;

    private final FramedObjects objects;
    private final ArchiveNames names;
    private final MendedObjects mended;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final RunningSegments running;
    private final PutSteps steps;
    private boolean told;

    FilePut(
            FramedObjects objects,
            ArchiveNames names,
            MendedObjects mended,
            InstantSource clock,
            RandomGenerator random,
            RunningSegments running,
            PutSteps steps) {
        this.objects = objects;
        this.names = names;
        this.mended = mended;
        this.clock = clock;
        this.random = random;
        this.running = running;
        this.steps = steps;
    }

    PutResult put(WalFileName name, WalSource source, WalBuffers buffers) throws IOException {
        ObjectName object = name instanceof WalFileName.Partial partial
                ? names.ofPartial(partial, objects.contentDigits(hash(source, buffers)))
                : names.of(name);
        if (objects.store().size(object).isPresent()) {
            String sha256 = hash(source, buffers);
            return compare(name, object, sha256, buffers.size(), source, buffers);
        }
        return storeOrCompare(name, object, source, buffers);
    }

    /** Likewise, of a file that was read already; it is read again only where it mends what is damaged. */
    PutResult put(PreparedWal file, WalBuffers buffers) throws IOException {
        ArchivedContent content = file.content();
        ObjectName object = file.name() instanceof WalFileName.Partial partial
                ? names.ofPartial(partial, objects.contentDigits(content.sha256()))
                : names.of(file.name());
        if (objects.store().size(object).isPresent()) {
            return compare(file.name(), object, content.sha256(), content.size(), file.source(), buffers);
        }
        tellNothingThere();
        try (FramedObjectWriter writer = new FramedObjectWriter(
                objects, object, ObjectKind.WAL, ObjectId.random(random), buffers.compressor())) {
            file.writeTo(writer);
            writer.finish();
            steps.beforeCommit();
            writer.commit();
            return PutResult.STORED;
        } catch (ObjectExistsException e) {
            return compare(file.name(), object, content.sha256(), content.size(), file.source(), buffers);
        }
    }

    private void tellNothingThere() {
        if (!told) {
            told = true;
            steps.nothingThere();
        }
    }

    private static String hash(WalSource source, WalBuffers buffers) throws IOException {
        buffers.restart();
        try (ReadableByteChannel channel = source.open()) {
            boolean more = true;
            while (more) {
                more = buffers.next(channel).hasRemaining();
            }
        }
        return buffers.hash();
    }

    private PutResult storeOrCompare(WalFileName name, ObjectName object, WalSource source, WalBuffers buffers)
            throws IOException {
        Optional<ArchivedContent> other = store(name, object, object, source, buffers);
        return other.isEmpty()
                ? PutResult.STORED
                : compare(name, object, other.get().sha256(), other.get().size(), source, buffers);
    }

    /**
     * Stores a file.
     *
     * @param object that of the file
     * @param target what is created, {@code object} or what stands in for it
     * @return the file's content if the target's name is taken; else nothing
     */
    private Optional<ArchivedContent> store(
            WalFileName name, ObjectName object, ObjectName target, WalSource source, WalBuffers buffers)
            throws IOException {
        buffers.restart();
        try (ReadableByteChannel channel = source.open();
                FramedObjectWriter writer = new FramedObjectWriter(
                        objects, target, ObjectKind.WAL, ObjectId.random(random), buffers.compressor())) {
            tellNothingThere();
            ByteBuffer raw = buffers.next(channel);
            while (raw.hasRemaining()) {
                writer.append(raw, FrameRole.DATA);
                raw = buffers.next(channel);
            }
            ArchivedContent content = new ArchivedContent(buffers.hash(), buffers.size(), clock.instant());
            if (name instanceof WalFileName.Partial partial
                    && !names.ofPartial(partial, objects.contentDigits(content.sha256()))
                            .equals(object)) {
                throw new IOException("WAL file \"" + name + "\" changed while it was read");
            }
            ArchivedFacts facts = new ArchivedFacts(content, source.facts());
            facts.writeTo(writer, source.changes());
            writer.finish();
            steps.beforeCommit();
            try {
                writer.commit();
                return Optional.empty();
            } catch (ObjectExistsException e) {
                return Optional.of(content);
            }
        }
    }

    private PutResult compare(
            WalFileName name, ObjectName object, String sha256, long size, WalSource source, WalBuffers buffers)
            throws IOException {
        boolean sound = isSound(name, object, sha256, size, buffers);
        if (!sound) {
            // What looks damaged may have been so on its way.
            sound = isSound(name, object, sha256, size, buffers);
        }
        if (!sound) {
            return mend(name, object, source, buffers);
        }
        objects.store().settle(object);
        return PutResult.SAME_ALREADY_THERE;
    }

    private boolean isSound(WalFileName name, ObjectName object, String sha256, long size, WalBuffers buffers)
            throws IOException {
        try {
            ArchivedObject there = new ArchivedObject(objects, object, buffers);
            ArchivedContent content = there.about();
            if (!content.sha256().equals(sha256) || content.size() != size) {
                throw new DifferentContentException(name, content, sha256, size);
            }
            there.check();
            return true;
        } catch (DamagedObjectException e) {
            return false;
        }
    }

    private PutResult mend(WalFileName name, ObjectName object, WalSource source, WalBuffers buffers)
            throws IOException {
        Optional<ArchivedObject> beside = mended.sound(object, buffers);
        if (beside.isPresent()) {
            return compareBeside(name, beside.get(), source, buffers);
        }
        steps.beforeCommit();
        // Asked before anything is touched: it refuses what is not what its name says.
        hash(source, buffers);
        byte[] _ = source.facts();
        if (name instanceof WalFileName.Segment(WalSegmentName segment)) {
            save(segment, source);
            PutResult result = replace(name, object, source, buffers);
            if (objects.store().size(object).isEmpty()) {
                // What could not be deleted was deleted all the same, and readers look beside only for what is damaged.
                storeOrCompare(name, object, source, buffers);
            }
            deletePieces(segment);
            return result;
        }
        return replace(name, object, source, buffers);
    }

    private PutResult compareBeside(WalFileName name, ArchivedObject beside, WalSource source, WalBuffers buffers)
            throws IOException {
        ArchivedContent there = beside.about();
        String sha256 = hash(source, buffers);
        if (!there.sha256().equals(sha256) || there.size() != buffers.size()) {
            throw new DifferentContentException(name, there, sha256, buffers.size());
        }
        objects.store().settle(beside.name());
        return PutResult.SAME_ALREADY_THERE;
    }

    /** They do no harm where they stay, since the writer may not delete them either. */
    private void deletePieces(WalSegmentName segment) {
        try {
            running.delete(segment.timeline(), List.of(segment));
        } catch (IOException e) {
            System.getLogger(FilePut.class.getName())
                    .log(System.Logger.Level.DEBUG, "pieces of \"" + segment + "\" cannot be deleted", e);
        }
    }

    private PutResult replace(WalFileName name, ObjectName object, WalSource source, WalBuffers buffers)
            throws IOException {
        if (isGone(object)) {
            PutResult result = storeOrCompare(name, object, source, buffers);
            return result == PutResult.STORED ? PutResult.MENDED : result;
        }
        int number = 1;
        while (store(name, object, names.ofMended(object, number), source, buffers)
                .isPresent()) {
            number++;
            Optional<ArchivedObject> other = mended.sound(object, buffers);
            if (other.isPresent()) {
                return compareBeside(name, other.get(), source, buffers);
            }
        }
        return PutResult.MENDED;
    }

    /** Deletes an object if that can be done; where it cannot, the object is there for sure. */
    private boolean isGone(ObjectName object) throws IOException {
        try {
            objects.store().delete(object);
            return true;
        } catch (IOException e) {
            if (objects.store().size(object).isEmpty()) {
                return true;
            }
            System.getLogger(FilePut.class.getName())
                    .log(System.Logger.Level.DEBUG, "\"" + object + "\" cannot be deleted", e);
            return false;
        }
    }

    private void save(WalSegmentName segment, WalSource source) throws IOException {
        try (ReadableByteChannel channel = source.open()) {
            PieceChain chain = running.chain(segment);
            ByteBuffer piece = ByteBuffer.allocate(PIECE_LENGTH);
            int begin = 0;
            boolean more = true;
            while (more) {
                more = channel.read(piece) >= 0;
                if (piece.position() > 0 && (!more || !piece.hasRemaining())) {
                    Window window = new Window(source, begin, Arrays.copyOf(piece.array(), piece.position()));
                    piece.clear();
                    begin = window.end();
                    // What a receiver has saved may be further than this.
                    if (chain.end() < begin) {
                        chain.append(begin, window);
                    }
                }
            }
        }
    }

    /** A file that is read from its beginning to its end; what is asked for outside of its last bytes is read anew. */
    private static final class Window implements PieceChain.Source {
        private final WalSource source;
        private final int begin;
        private final byte[] bytes;

        Window(WalSource source, int begin, byte[] bytes) {
            this.source = source;
            this.begin = begin;
            this.bytes = bytes;
        }

        int end() {
            return begin + bytes.length;
        }

        @Override
        public byte[] read(int from, int length) throws IOException {
            if (from >= begin && from + length <= end()) {
                return Arrays.copyOfRange(bytes, from - begin, from - begin + length);
            }
            try (InputStream input = Channels.newInputStream(source.open())) {
                input.skipNBytes(from);
                byte[] read = input.readNBytes(length);
                if (read.length < length) {
                    throw new EOFException("WAL file ends at " + (from + read.length));
                }
                return read;
            }
        }
    }
}
