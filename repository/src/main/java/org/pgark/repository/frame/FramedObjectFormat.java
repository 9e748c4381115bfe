package org.pgark.repository.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.pgark.repository.seal.Sealing;
import org.pgark.storage.ObjectName;

/**
 * Header and footer of a framed object; all numbers are little-endian.
 *
 * <p>Header: magic {@code PGARK} (5 bytes), kind (1), format version (1), sealing (1), object id (16), salt (32), number
 * of the data key (4), CRC-32C of what stands before (4). Footer: a copy of the header, so that one read of an object's end suffices;
 * then offset of the index frame (8), its stored length (4), its raw length (4), its codec (1), zero (3), its number,
 * which is the number of frames before it (4), magic {@code KRAP} (4), CRC-32C of the whole footer before (4).
 */
final class FramedObjectFormat {
    static final int VERSION = 1;
    static final int HEADER_LENGTH = 64;
    static final int FOOTER_LENGTH = HEADER_LENGTH + 32;

    private static final int UNSEALED = 0;
    private static final int AES_256_GCM = 1;
    private static final int ID_OFFSET = 8;
    private static final int SALT_OFFSET = ID_OFFSET + ObjectId.LENGTH;
    private static final int KEY_OFFSET = SALT_OFFSET + Sealing.SALT_LENGTH;

    private static final byte[] MAGIC = "PGARK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_MAGIC = "KRAP".getBytes(StandardCharsets.US_ASCII);

    private FramedObjectFormat() {}

    /** Where the index frame of an object is. */
    record Index(long offset, int storedLength, int rawLength, Codec codec, int number) {}

    static void putHeader(ByteBuffer target, ObjectHeader header) {
        int start = target.position();
        target.put(MAGIC).put((byte) header.kind().code()).put((byte) VERSION);
        target.put((byte) (header.salt().isPresent() ? AES_256_GCM : UNSEALED));
        header.id().put(target);
        Sealing.Salt salt = header.salt().orElse(new Sealing.Salt(0, new byte[Sealing.SALT_LENGTH]));
        target.put(salt.salt()).putInt(salt.keyNumber());
        target.putInt(checksum(target, start, HEADER_LENGTH - 4));
    }

    static void putFooter(ByteBuffer target, ObjectHeader header, Index index) {
        int start = target.position();
        putHeader(target, header);
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

    /** Checks the header at {@code offset} and tells what it says. */
    static ObjectHeader checkHeader(ByteBuffer bytes, int offset, ObjectName name, ObjectKind kind)
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
        int sealing = header.get(7);
        if (sealing != UNSEALED && sealing != AES_256_GCM) {
            throw new NewerFormatException(name, "sealing " + (header.get(7) & 0xFF));
        }
        if (header.get(5) != kind.code()) {
            throw new DamagedObjectException(name, "it is of kind " + header.get(5) + " instead of " + kind.code());
        }
        ObjectId id = ObjectId.get(header.position(ID_OFFSET));
        byte[] salt = new byte[Sealing.SALT_LENGTH];
        header.get(SALT_OFFSET, salt);
        int key = header.getInt(KEY_OFFSET);
        boolean plausible = sealing == UNSEALED ? key == 0 && isZero(salt) : key > 0;
        if (!plausible) {
            throw new DamagedObjectException(name, "its header says sealing " + sealing + " with data key " + key);
        }
        return new ObjectHeader(
                kind, id, sealing == UNSEALED ? Optional.empty() : Optional.of(new Sealing.Salt(key, salt)));
    }

    private static boolean isZero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
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
                && footer.getInt(HEADER_LENGTH + 16) >>> 8 == 0
                && offset == size - FOOTER_LENGTH - FrameSeal.TAG_LENGTH - storedLength
                && offset >= HEADER_LENGTH;
        if (!plausible) {
            throw new DamagedObjectException(name, "its footer does not fit its size of " + size + " bytes");
        }
        return new Index(offset, storedLength, rawLength, Codec.ofCode(codec), number);
    }
}
