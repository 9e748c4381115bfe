package org.pgark.repository.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectReader;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.storage.ObjectName;

/** Reads the object of one archived file. */
final class ArchivedObject {
    private final ObjectName name;
    private final FramedObjectReader reader;
    private final WalBuffers buffers;
    private final ArchivedFacts facts;

    /** Takes raw bytes of the file, in order. */
    interface Sink {
        void accept(ByteBuffer raw) throws IOException;
    }

    /** Opens an object and reads its facts. */
    ArchivedObject(FramedObjects objects, ObjectName name, WalBuffers buffers) throws IOException {
        this.name = name;
        this.buffers = buffers;
        this.reader = FramedObjectReader.open(objects, name, ObjectKind.WAL, buffers.decoder());
        try {
            this.facts = ArchivedFacts.decode(reader.readAll(FrameRole.FACTS));
        } catch (MalformedBytesException e) {
            throw new DamagedObjectException(name, String.valueOf(e.getMessage()));
        }
    }

    ObjectName name() {
        return name;
    }

    ArchivedFacts facts() {
        return facts;
    }

    /** What was stored beside the content. */
    ArchivedNotes notes() throws IOException {
        return new ArchivedNotes(
                facts.facts(),
                has(FrameRole.CHANGES) ? Optional.of(reader.readAll(FrameRole.CHANGES)) : Optional.empty());
    }

    private boolean has(FrameRole role) {
        return reader.frames().stream().anyMatch(frame -> frame.role() == role);
    }

    ArchivedContent about() {
        return facts.content();
    }

    /** The content from its beginning on. */
    Content content() {
        return new Content();
    }

    /** Reads the content frame by frame. */
    final class Content {
        private final Iterator<FramedObjectReader.IndexedFrame> frames =
                reader.frames().iterator();
        private long size;

        /** The bytes of the next frame, which stay until the one after it is read; empty at the end. */
        Optional<ByteBuffer> next() throws IOException {
            while (frames.hasNext()) {
                FramedObjectReader.IndexedFrame frame = frames.next();
                if (frame.role() == FrameRole.DATA) {
                    ByteBuffer raw = buffers.room(frame.address().rawLength());
                    reader.read(frame, raw);
                    size += raw.flip().remaining();
                    return Optional.of(raw);
                }
            }
            if (size != about().size()) {
                throw new DamagedObjectException(name, "it holds " + size + " bytes instead of " + about().size());
            }
            return Optional.empty();
        }
    }

    /** Reads the content through. */
    void read(Sink sink) throws IOException {
        Content content = content();
        for (Optional<ByteBuffer> raw = content.next(); raw.isPresent(); raw = content.next()) {
            sink.accept(raw.get());
        }
    }

    /** Reads everything and checks the hash too. */
    void check() throws IOException {
        reader.checkHeader();
        buffers.restart();
        read(buffers::add);
        if (!buffers.hash().equals(about().sha256())) {
            throw new DamagedObjectException(name, "its content does not match its SHA-256");
        }
    }
}
