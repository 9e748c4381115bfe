package org.pgark.repository.archive;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectWriter;
import org.pgark.repository.frame.MalformedBytesException;

/** What stands behind the content of an archived file: its hash, size and time, and the facts of whoever put it there. */
final class ArchivedFacts {
    private static final int VERSION = 1;
    private static final int HASH_LENGTH = 32;

    private final ArchivedContent content;
    private final byte[] facts;

    ArchivedFacts(ArchivedContent content, byte[] facts) {
        this.content = content;
        this.facts = facts;
    }

    ArchivedContent content() {
        return content;
    }

    byte[] facts() {
        return facts;
    }

    /** Writes what stands behind a file's content: what it changes, if that is known, and these facts. */
    void writeTo(FramedObjectWriter writer, Optional<byte[]> changes) throws IOException {
        if (changes.isPresent()) {
            writer.appendAll(changes.get(), FrameRole.CHANGES);
        }
        writer.appendAll(encode(), FrameRole.FACTS);
    }

    private byte[] encode() {
        ByteEncoder target = new ByteEncoder(facts.length + 64);
        target.putByte(VERSION);
        target.putRaw(HexFormat.of().parseHex(content.sha256()), 0, HASH_LENGTH);
        target.putNumber(content.size());
        Instant archived = content.archived();
        target.putSigned(archived.getEpochSecond());
        target.putNumber(archived.getNano());
        target.putBytes(facts);
        return target.toByteArray();
    }

    static ArchivedFacts decode(byte[] bytes) throws MalformedBytesException {
        ByteDecoder source = new ByteDecoder(bytes);
        int version = source.takeByte();
        if (version != VERSION) {
            throw new MalformedBytesException("facts of version " + version);
        }
        String sha256 = HexFormat.of().formatHex(source.takeRaw(HASH_LENGTH));
        long size = source.takeNumber();
        long seconds = source.takeSigned();
        int nanos = source.takeNumber(999_999_999, "a fraction of a second");
        byte[] facts = source.takeBytes();
        source.expectEnd();
        try {
            return new ArchivedFacts(new ArchivedContent(sha256, size, Instant.ofEpochSecond(seconds, nanos)), facts);
        } catch (DateTimeException e) {
            throw new MalformedBytesException("a time of " + seconds + " seconds");
        }
    }
}
