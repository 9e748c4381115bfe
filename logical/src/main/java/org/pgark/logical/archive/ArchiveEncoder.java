package org.pgark.logical.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.connection.ByteText;
import org.pgark.postgres.wire.WireConnection;

/** Writes the numbers and texts, the head and the table of contents of an archive; see {@link ArchiveDecoder}. */
final class ArchiveEncoder {
    private static final int INTEGER_BYTES = Integer.BYTES;
    private static final int OFFSET_BYTES = Long.BYTES;

    /** Writes what a format adds to each entry. */
    interface Extra {
        void write(DumpItem item) throws IOException;
    }

    private final OutputStream out;
    private final ArchiveVersion version;
    private final Charset charset;

    ArchiveEncoder(OutputStream out, ArchiveVersion version, Charset charset) {
        this.out = out;
        this.version = version;
        this.charset = charset;
    }

    void writeByte(int value) throws IOException {
        out.write(value);
    }

    void writeInt(int value) throws IOException {
        out.write(value < 0 ? 1 : 0);
        int rest = Math.abs(value);
        for (int index = 0; index < INTEGER_BYTES; index++) {
            out.write(rest & 0xff);
            rest >>>= 8;
        }
    }

    /** Empty text stands for NULL. */
    private void writeText(String text) throws IOException {
        if (text.isEmpty()) {
            writeInt(-1);
        } else {
            writeBytes(text.getBytes(charset));
        }
    }

    private void writeOptional(Optional<String> text) throws IOException {
        if (text.isPresent()) {
            writeBytes(text.get().getBytes(charset));
        } else {
            writeInt(-1);
        }
    }

    void writeBytes(byte[] bytes) throws IOException {
        writeInt(bytes.length);
        out.write(bytes);
    }

    void writeAscii(String text) throws IOException {
        writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    void writeOffset(DataPlace.Offset place) throws IOException {
        out.write(place.state().flag());
        long rest = place.offset();
        for (int index = 0; index < OFFSET_BYTES; index++) {
            out.write((int) (rest & 0xff));
            rest >>>= 8;
        }
    }

    void writeHead(DumpHead head, ArchiveFormat format, Compression compression) throws IOException {
        out.write(HeadReader.MAGIC);
        writeByte(version.major());
        writeByte(version.minor());
        writeByte(version.revision());
        writeByte(INTEGER_BYTES);
        writeByte(OFFSET_BYTES);
        writeByte(format.number());
        if (version.isAtLeast(ArchiveVersion.V1_15)) {
            writeByte(compression.method().number());
        } else {
            writeInt(compression.legacyNumber());
        }
        writeTime(head.created());
        writeBytes(ByteText.encode(head.database(), StandardCharsets.UTF_8));
        writeBytes(head.serverVersion().getBytes(charset));
        writeBytes(head.dumpVersion().getBytes(charset));
    }

    private void writeTime(ZonedDateTime time) throws IOException {
        writeInt(time.getSecond());
        writeInt(time.getMinute());
        writeInt(time.getHour());
        writeInt(time.getDayOfMonth());
        writeInt(time.getMonthValue() - 1);
        writeInt(time.getYear() - 1900);
        writeInt(time.getZone().getRules().isDaylightSavings(time.toInstant()) ? 1 : 0);
    }

    /** Writes the table of contents; definitions that were put off are made now. */
    void writeToc(List<DumpItem> items, WireConnection connection, Extra extra) throws IOException {
        writeInt(items.size());
        for (DumpItem item : items) {
            writeEntry(item, connection);
            extra.write(item);
        }
    }

    private void writeEntry(DumpItem item, WireConnection connection) throws IOException {
        TocEntry entry = item.entry();
        writeInt(entry.dumpId());
        writeInt(item.data().isPresent() ? 1 : 0);
        writeAscii(Long.toString(entry.tableOid()));
        writeAscii(Long.toString(entry.oid()));
        writeBytes(entry.tag().getBytes(charset));
        writeBytes(entry.description().getBytes(charset));
        writeInt(entry.section().number());
        writeText(item.definition().isPresent() ? item.definition().get().text(connection) : entry.definition());
        writeOptional(entry.dropStatement());
        writeText(entry.copyStatement());
        writeText(entry.namespace());
        writeOptional(entry.tablespace());
        if (version.isAtLeast(ArchiveVersion.V1_14)) {
            writeText(entry.tableAccessMethod());
        }
        if (version.isAtLeast(ArchiveVersion.V1_16)) {
            writeInt(entry.relkind());
        }
        if (entry.namesOwner()) {
            writeBytes(entry.owner().getBytes(charset));
        } else {
            writeInt(-1);
        }
        writeAscii("false");
        for (int dependency : entry.dependencies()) {
            writeAscii(Integer.toString(dependency));
        }
        writeInt(-1);
    }
}
