package org.pgark.postgres.wal;

import java.util.Objects;
import org.pgark.postgres.PostgresMajor;

/** The pages that one WAL record changes, in the record's order; part of the view that {@link WalRecord} is. */
public final class WalBlocks {
    /*
     * After the record's header stand the headers of blocks and of the main data, then the blocks' data in the same
     * order, then the main data: XLogRecordBlockHeader and its companions of access/xlogrecord.h. The headers end where
     * the lengths in them add up to what is left of the record.
     */
    private static final int MAXIMUM_BLOCKS = 33;

    /** What a page of data has in bytes, unless the server was built otherwise. */
    private static final int PAGE_BYTES = 8192;

    private static final int LAST_BLOCK_ID = 32;
    private static final int TOP_LEVEL_TRANSACTION = 252;
    private static final int ORIGIN = 253;
    private static final int LONG_MAIN_DATA = 254;
    private static final int SHORT_MAIN_DATA = 255;

    private static final int FORK_MASK = 0x0F;
    private static final int HAS_IMAGE = 0x10;
    private static final int HAS_DATA = 0x20;
    private static final int WILL_INITIALISE = 0x40;
    private static final int SAME_RELATION = 0x80;

    /** Not of the format: a flag of the image, kept above those of the block. */
    private static final int IMAGE_APPLIES = 0x100;

    private static final int IMAGE_HAS_HOLE = 0x01;
    private static final int IMAGE_APPLIES_TO_14 = 0x04;
    private static final int IMAGE_APPLIES_FROM_15 = 0x02;
    private static final int IMAGE_COMPRESSED_TO_14 = 0x02;
    private static final int IMAGE_COMPRESSED_FROM_15 = 0x04 | 0x08 | 0x10;

    private final int[] tablespaces = new int[MAXIMUM_BLOCKS];
    private final int[] databases = new int[MAXIMUM_BLOCKS];
    private final int[] relations = new int[MAXIMUM_BLOCKS];
    private final int[] numbers = new int[MAXIMUM_BLOCKS];
    private final int[] flags = new int[MAXIMUM_BLOCKS];
    private final int[] ids = new int[MAXIMUM_BLOCKS];
    private final int[] dataLengths = new int[MAXIMUM_BLOCKS];
    private final int[] imageLengths = new int[MAXIMUM_BLOCKS];
    private final int[] imageFlags = new int[MAXIMUM_BLOCKS];
    private final int[] holeOffsets = new int[MAXIMUM_BLOCKS];
    private final int[] holeLengths = new int[MAXIMUM_BLOCKS];
    private int count;
    private int contentOffset;
    private int origin;
    private int mainDataOffset;
    private int mainDataBytes;

    private byte[] bytes = new byte[0];
    private int at;
    private int limit;
    private long dataBytes;
    private long mainDataLength;

    WalBlocks() {}

    /** How many pages there are, up to 33. */
    public int count() {
        return count;
    }

    /** The tablespace of the page's relation, to be read as unsigned. */
    public int tablespace(int index) {
        return tablespaces[Objects.checkIndex(index, count)];
    }

    /** The database of the page's relation, to be read as unsigned; 0 for relations that all databases share. */
    public int database(int index) {
        return databases[Objects.checkIndex(index, count)];
    }

    /** The file number of the page's relation, to be read as unsigned. */
    public int relation(int index) {
        return relations[Objects.checkIndex(index, count)];
    }

    /** The fork: 0 main, 1 free space map, 2 visibility map, 3 init. */
    public int fork(int index) {
        return flags[Objects.checkIndex(index, count)] & FORK_MASK;
    }

    /** The page's number in the fork, to be read as unsigned. */
    public int number(int index) {
        return numbers[Objects.checkIndex(index, count)];
    }

    /** Whether the record carries the whole page. */
    public boolean hasImage(int index) {
        return (flags[Objects.checkIndex(index, count)] & HAS_IMAGE) != 0;
    }

    /**
     * Whether replay puts the image in the page's place; if not, it is there only for {@code wal_consistency_checking}.
     * False where there is no image.
     */
    public boolean isImageApplied(int index) {
        return (flags[Objects.checkIndex(index, count)] & IMAGE_APPLIES) != 0;
    }

    /** Whether the relation is that of the page before and was not written again. */
    public boolean isOfSameRelation(int index) {
        return (flags[Objects.checkIndex(index, count)] & SAME_RELATION) != 0;
    }

    /** Whether replay makes the page anew without regard to what it held. */
    public boolean isInitialised(int index) {
        return (flags[Objects.checkIndex(index, count)] & WILL_INITIALISE) != 0;
    }

    /** The number under which the record refers to the page, 0 to 32. */
    public int id(int index) {
        return ids[Objects.checkIndex(index, count)];
    }

    /** Where the page with this number of the record stands among the pages, -1 if there is none. */
    public int indexOf(int id) {
        for (int index = 0; index < count; index++) {
            if (ids[index] == id) {
                return index;
            }
        }
        return -1;
    }

    /** How long the page's image is in the record, in bytes; 0 without an image. */
    public int imageBytes(int index) {
        return hasImage(index) ? imageLengths[index] : 0;
    }

    /** The image's {@code bimg_info}, whose bits mean other things before version 15. */
    public int imageFlags(int index) {
        return imageFlags[Objects.checkIndex(index, count)];
    }

    /** Where in the page the hole begins that its image leaves out. */
    public int holeOffset(int index) {
        return holeOffsets[Objects.checkIndex(index, count)];
    }

    /** How long that hole is. */
    public int holeBytes(int index) {
        return holeLengths[Objects.checkIndex(index, count)];
    }

    /** The page's image as it stands in the record, empty without one. */
    public RecordPart image(int index) {
        return part(offsetOf(index), imageBytes(index));
    }

    /** What the record says of the page besides its image; empty if nothing. */
    public RecordPart data(int index) {
        return part(offsetOf(index) + imageBytes(index), dataLengths[index]);
    }

    private int offsetOf(int index) {
        int offset = contentOffset;
        for (int before = 0; before < Objects.checkIndex(index, count); before++) {
            offset += imageBytes(before) + dataLengths[before];
        }
        return offset;
    }

    private RecordPart part(int offset, int length) {
        int present = Math.max(0, Math.min(length, limit - offset));
        return present == 0 ? RecordPart.EMPTY : new RecordPart(bytes, offset, present);
    }

    RecordPart mainData() {
        return part(mainDataOffset, mainDataBytes);
    }

    /** The replication origin that the record names, 0 for none. */
    int origin() {
        return origin;
    }

    int mainDataOffset() {
        return mainDataOffset;
    }

    int mainDataBytes() {
        return mainDataBytes;
    }

    /** Reads the headers of a record; tells what is wrong with them, or nothing. */
    String decode(byte[] source, int offset, int kept, int length, PostgresMajor major) {
        bytes = source;
        at = offset + WalRecord.HEADER_BYTES;
        limit = offset + kept;
        count = 0;
        dataBytes = 0;
        mainDataLength = 0;
        origin = 0;
        int lastId = -1;
        long end = (long) offset + length;
        while (end - at > dataBytes) {
            if (at >= limit) {
                return "headers beyond its end";
            }
            int id = LittleEndian.unsignedByte(bytes, at++);
            if (id > LAST_BLOCK_ID) {
                if (!decodeOther(id)) {
                    return "an invalid block id " + id;
                }
                if (id >= LONG_MAIN_DATA) {
                    break;
                }
            } else if (id <= lastId) {
                return "block id " + id + " out of order";
            } else if (!decodeBlock(id, major)) {
                return "an invalid header of block " + id;
            } else {
                lastId = id;
            }
        }
        if (end - at != dataBytes) {
            return (end - at) + " bytes of data where its headers say " + dataBytes;
        }
        contentOffset = at;
        mainDataOffset = (int) (end - mainDataLength);
        mainDataBytes = (int) Math.max(0, Math.min(mainDataLength, limit - mainDataOffset));
        return "";
    }

    private boolean decodeOther(int id) {
        return switch (id) {
            case SHORT_MAIN_DATA -> skip(1) && addMainData(LittleEndian.unsignedByte(bytes, at - 1));
            case LONG_MAIN_DATA -> skip(4) && addMainData(Integer.toUnsignedLong(LittleEndian.integer(bytes, at - 4)));
            case ORIGIN -> skip(2) && isOrigin(LittleEndian.unsignedShort(bytes, at - 2));
            case TOP_LEVEL_TRANSACTION -> skip(4);
            default -> false;
        };
    }

    private boolean addMainData(long length) {
        mainDataLength = length;
        dataBytes += length;
        return true;
    }

    private boolean isOrigin(int number) {
        origin = number;
        return true;
    }

    private boolean decodeBlock(int id, PostgresMajor major) {
        if (!skip(3)) {
            return false;
        }
        int flag = LittleEndian.unsignedByte(bytes, at - 3);
        int length = LittleEndian.unsignedShort(bytes, at - 2);
        if ((flag & HAS_DATA) != 0 != length > 0) {
            return false;
        }
        dataBytes += length;
        flags[count] = flag;
        ids[count] = id;
        dataLengths[count] = length;
        if ((flag & HAS_IMAGE) != 0 && !decodeImage(major)) {
            return false;
        }
        return decodeRelation((flag & SAME_RELATION) != 0) && decodeNumber();
    }

    private boolean decodeImage(PostgresMajor major) {
        if (!skip(5)) {
            return false;
        }
        int imageFlag = LittleEndian.unsignedByte(bytes, at - 1);
        imageFlags[count] = imageFlag;
        imageLengths[count] = LittleEndian.unsignedShort(bytes, at - 5);
        holeOffsets[count] = LittleEndian.unsignedShort(bytes, at - 3);
        dataBytes += imageLengths[count];
        boolean to14 = major.compareTo(PostgresMajor.V15) < 0;
        boolean compressed = (imageFlag & (to14 ? IMAGE_COMPRESSED_TO_14 : IMAGE_COMPRESSED_FROM_15)) != 0;
        if ((imageFlag & (to14 ? IMAGE_APPLIES_TO_14 : IMAGE_APPLIES_FROM_15)) != 0) {
            flags[count] |= IMAGE_APPLIES;
        }
        if (!compressed) {
            holeLengths[count] = PAGE_BYTES - imageLengths[count];
        } else if ((imageFlag & IMAGE_HAS_HOLE) == 0) {
            holeLengths[count] = 0;
        } else if (skip(2)) {
            holeLengths[count] = LittleEndian.unsignedShort(bytes, at - 2);
        } else {
            return false;
        }
        return true;
    }

    private boolean decodeRelation(boolean sameAsBefore) {
        if (sameAsBefore) {
            if (count == 0) {
                return false;
            }
            tablespaces[count] = tablespaces[count - 1];
            databases[count] = databases[count - 1];
            relations[count] = relations[count - 1];
            return true;
        }
        if (!skip(12)) {
            return false;
        }
        tablespaces[count] = LittleEndian.integer(bytes, at - 12);
        databases[count] = LittleEndian.integer(bytes, at - 8);
        relations[count] = LittleEndian.integer(bytes, at - 4);
        return true;
    }

    private boolean decodeNumber() {
        if (!skip(4)) {
            return false;
        }
        numbers[count] = LittleEndian.integer(bytes, at - 4);
        count++;
        return true;
    }

    private boolean skip(int size) {
        if (size > limit - at) {
            return false;
        }
        at += size;
        return true;
    }
}
