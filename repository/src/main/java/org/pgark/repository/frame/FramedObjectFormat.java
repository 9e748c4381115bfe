package org.pgark.repository.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.pgark.storage.ObjectName;

/**
 * Header and footer of a framed object; all numbers are little-endian.
 *
 * <p>Header: magic {@code PGARK} (5 bytes), kind (1), format version (1), sealing (1), object id (16), salt (32), zero
 * (4), CRC-32C of what stands before (4). Footer: a copy of the header, so that one read of an object's end suffices;
 * then offset of the index frame (8), its stored length (4), its raw length (4), its codec (1), zero (3), its number,
 * which is the number of frames before it (4), magic {@code KRAP} (4), CRC-32C of the whole footer before (4).
 */
final class FramedObjectFormat {
    static final int VERSION = 1;
    static final int HEADER_LENGTH = 64;
    static final int FOOTER_LENGTH = HEADER_LENGTH + 32;

    private static final byte[] MAGIC = "PGARK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_MAGIC = "KRAP".getBytes(StandardCharsets.US_ASCII);

    private FramedObjectFormat() {}

    /** Where the index frame of an object is. */
    record Index(long offset, int storedLength, int rawLength, Codec codec, int number) {}

    static void putHeader(ByteBuffer target, ObjectKind kind, ObjectId id) {
        int start = target.position();
        target.put(MAGIC).put((byte) kind.code()).put((byte) VERSION).put((byte) 0);
        id.put(target);
        target.put(new byte[32 + 4]);
        target.putInt(checksum(target, start, HEADER_LENGTH - 4));
    }

    static void putFooter(ByteBuffer target, ObjectKind kind, ObjectId id, Index index) {
        int start = target.position();
        putHeader(target, kind, id);
        target.putLong(index.offset()).putInt(index.storedLength()).putInt(index.rawLength());
        target.put((byte) index.codec().code()).put(new byte[3]);
        target.putInt(index.number()).put(END_MAGIC);
        target.putInt(checksum(target, start, FOOTER_LENGTH - 4));
    }

    private static int checksum(ByteBuffer bytes, int offset, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.slice(offset, length));
        return (int) checksum.getValue();
    }

    /** Checks the header at {@code offset} and says whose it is. */
    static ObjectId checkHeader(ByteBuffer bytes, int offset, ObjectName name, ObjectKind kind)
            throws DamagedObjectException, NewerFormatException {
        ByteBuffer header = bytes.slice(offset, HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[MAGIC.length];
        header.get(0, magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new DamagedObjectException(name, "it does not begin as an object of pgark does");
        }
        if (header.getInt(HEADER_LENGTH - 4) != checksum(header, 0, HEADER_LENGTH - 4)) {
            throw new DamagedObjectException(name, "its header does not match its checksum");
        }
        if (header.get(6) != VERSION) {
            throw new NewerFormatException(name, "format version " + (header.get(6) & 0xFF));
        }
        if (header.get(7) != 0) {
            throw new NewerFormatException(name, "sealing " + (header.get(7) & 0xFF));
        }
        if (header.get(5) != kind.code()) {
            throw new DamagedObjectException(name, "it is of kind " + header.get(5) + " instead of " + kind.code());
        }
        return ObjectId.get(header.position(8));
    }

    /** Checks the footer, the last bytes of {@code tail}, and says where the index is. */
    static Index checkFooter(ByteBuffer tail, long size, ObjectName name) throws DamagedObjectException {
        int start = tail.limit() - FOOTER_LENGTH;
        ByteBuffer footer = tail.slice(start, FOOTER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[END_MAGIC.length];
        footer.get(FOOTER_LENGTH - 8, magic);
        if (!Arrays.equals(magic, END_MAGIC)
                || footer.getInt(FOOTER_LENGTH - 4) != checksum(footer, 0, FOOTER_LENGTH - 4)) {
            throw new DamagedObjectException(name, "its footer does not match its checksum");
        }
        footer.position(HEADER_LENGTH);
        long offset = footer.getLong();
        int storedLength = footer.getInt();
        int rawLength = footer.getInt();
        int codec = footer.get();
        int number = footer.getInt(HEADER_LENGTH + 20);
        boolean plausible = Codec.isCode(codec)
                && number >= 0
                && rawLength >= 1
                && rawLength <= FrameAddress.MAX_RAW_LENGTH
                && storedLength >= 1
                && storedLength <= rawLength
                && offset == size - FOOTER_LENGTH - FrameTags.LENGTH - storedLength
                && offset >= HEADER_LENGTH;
        if (!plausible) {
            throw new DamagedObjectException(name, "its footer does not fit its size of " + size + " bytes");
        }
        return new Index(offset, storedLength, rawLength, Codec.ofCode(codec), number);
    }
}
