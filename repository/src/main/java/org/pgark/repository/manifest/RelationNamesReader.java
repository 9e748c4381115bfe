package org.pgark.repository.manifest;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.pack.FrameReader;

/** Reads the names of relations. Not for several threads. */
public final class RelationNamesReader {
    private final FrameReader frames;
    private final StreamRoot root;

    /** Reads by {@code frames}, which the caller closes. */
    public RelationNamesReader(FrameReader frames, StreamRoot root) {
        this.frames = frames;
        this.root = root;
    }

    /** Goes through relations in order. */
    public interface Cursor {
        /** The next relation; empty at the end. */
        Optional<RelationName> next() throws IOException;
    }

    /** The relation of this name; reads only what holds it. */
    public Optional<RelationName> find(String database, String schema, String name) throws IOException {
        byte[] key = RelationNameCodec.key(database, schema, name);
        return decode(
                new SortedStreamReader(frames, root, key).next().filter(found -> Arrays.equals(found.key(), key)));
    }

    /** All relations, in order. */
    public Cursor relations() throws IOException {
        SortedStreamReader stream = new SortedStreamReader(frames, root, new byte[0]);
        return () -> decode(stream.next());
    }

    /** Goes through all frames in which the names stand. */
    public void visitFrames(FrameVisitor visitor) throws IOException {
        SortedStreamReader stream = new SortedStreamReader(frames, root, new byte[0], visitor);
        boolean more = true;
        while (more) {
            more = stream.next().isPresent();
        }
    }

    private Optional<RelationName> decode(Optional<SortedStreamReader.Entry> entry) throws IOException {
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(RelationNameCodec.decode(
                    entry.get().key(), new ByteDecoder(entry.get().value())));
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(
                    frames.nameOf(root.root().pack()), "the names of relations are malformed: " + e.getMessage());
        }
    }
}
