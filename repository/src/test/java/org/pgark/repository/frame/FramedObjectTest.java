package org.pgark.repository.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.repository.StoreContents;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

class FramedObjectTest {
    private static final ObjectName NAME = new ObjectName("some/object");
    private static final ObjectId ID = new ObjectId(0x0123456789abcdefL, 0xfedcba9876543210L);

    private final ObjectStore store = new MemoryStore();

    private static byte[] bytes(int length, boolean compressible) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        if (compressible) {
            Arrays.fill(bytes, length / 4, length, (byte) 'x');
        }
        return bytes;
    }

    private List<FrameAddress> write(Compression compression, byte[]... frames) throws IOException {
        List<FrameAddress> addresses = new java.util.ArrayList<>();
        try (FrameCompressor compressor = new FrameCompressor(compression);
                FramedObjectWriter writer =
                        new FramedObjectWriter(FramedObjects.unsealed(store), NAME, ObjectKind.PACK, ID, compressor)) {
            for (byte[] frame : frames) {
                addresses.add(writer.append(ByteBuffer.wrap(frame), FrameRole.DATA));
            }
            writer.finish();
            writer.commit();
            assertThat(store.size(NAME)).hasValue(writer.size());
        }
        return addresses;
    }

    private FramedObjectReader open() throws IOException {
        return FramedObjectReader.open(FramedObjects.unsealed(store), NAME, ObjectKind.PACK, new FrameDecoder());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "lz4", "zstd", "zstd:1", "zstd:19"})
    void readsBackFramesOfEverySize(String compression) throws IOException {
        byte[][] frames = {
            bytes(1, true),
            bytes(8192, true),
            bytes(300_000, true),
            bytes(100_000, false),
            bytes(FrameAddress.MAX_RAW_LENGTH, true)
        };
        List<FrameAddress> addresses = write(Compression.parse(compression), frames);
        FramedObjectReader reader = open();
        assertThat(reader.id()).isEqualTo(ID);
        assertThat(reader.frames())
                .extracting(FramedObjectReader.IndexedFrame::address)
                .isEqualTo(addresses);
        try (FrameSource source = new FrameSource(FramedObjects.unsealed(store), ObjectKind.PACK, NAME, ID)) {
            for (int i = 0; i < frames.length; i++) {
                ByteBuffer direct =
                        ByteBuffer.allocateDirect(frames[i].length + 5).position(3);
                source.read(addresses.get(i), direct);
                assertThat(direct.position()).isEqualTo(3 + frames[i].length);
                assertThat(direct.flip().position(3)).isEqualTo(ByteBuffer.wrap(frames[i]));
                ByteBuffer heap =
                        ByteBuffer.allocate(frames[i].length + 5).position(2).slice();
                source.read(addresses.get(i), heap);
                assertThat(heap.flip()).isEqualTo(ByteBuffer.wrap(frames[i]));
            }
        }
    }

    @Test
    void compressesOnlyWhatShrinks() throws IOException {
        List<FrameAddress> addresses = write(Compression.DEFAULT, bytes(50_000, true), bytes(50_000, false));
        assertThat(addresses.get(0).codec()).isEqualTo(Codec.ZSTD);
        assertThat(addresses.get(0).storedLength()).isLessThan(20_000);
        assertThat(addresses.get(1).codec()).isEqualTo(Codec.NONE);
        assertThat(addresses.get(1).storedLength()).isEqualTo(50_000);
    }

    @Test
    void compressesDirectBuffersFromTheirPosition() throws IOException {
        byte[] content = bytes(50_000, true);
        ByteBuffer direct = ByteBuffer.allocateDirect(60_000)
                .put(777, content)
                .position(777)
                .limit(50_777);
        for (Compression compression : List.of(Compression.DEFAULT, Compression.LZ4, Compression.NONE)) {
            store.delete(NAME);
            FrameAddress address;
            try (FrameCompressor compressor = new FrameCompressor(compression);
                    FramedObjectWriter writer = new FramedObjectWriter(
                            FramedObjects.unsealed(store), NAME, ObjectKind.PACK, ID, compressor)) {
                address = writer.append(direct.duplicate(), FrameRole.DATA);
                writer.finish();
                writer.commit();
            }
            byte[] target = new byte[content.length];
            try (FrameSource source = new FrameSource(FramedObjects.unsealed(store), ObjectKind.PACK, NAME, ID)) {
                source.read(address, ByteBuffer.wrap(target));
            }
            assertThat(target).isEqualTo(content);
        }
    }

    @Test
    void keepsAnObjectWithoutFrames() throws IOException {
        write(Compression.DEFAULT);
        assertThat(open().frames()).isEmpty();
        assertThat(open().readAll(FrameRole.DATA)).isEmpty();
        open().checkHeader();
    }

    @Test
    void cutsLongBytesIntoFrames() throws IOException {
        byte[] content = bytes(3_000_000, true);
        try (FrameCompressor compressor = new FrameCompressor(Compression.DEFAULT);
                FramedObjectWriter writer =
                        new FramedObjectWriter(FramedObjects.unsealed(store), NAME, ObjectKind.PACK, ID, compressor)) {
            writer.appendAll(content, FrameRole.FACTS);
            writer.finish();
            writer.commit();
        }
        assertThat(open().frames()).hasSize(3);
        assertThat(open().readAll(FrameRole.FACTS)).isEqualTo(content);
    }

    @Test
    void refusesFramesThatAreEmptyOrTooLong() {
        assertThatThrownBy(() -> write(Compression.NONE, new byte[0])).hasMessage("invalid frame of 0 bytes");
        assertThatThrownBy(() -> write(Compression.NONE, new byte[FrameAddress.MAX_RAW_LENGTH + 1]))
                .hasMessage("invalid frame of 8388609 bytes");
    }

    @Test
    void namesTheFrameThatIsDamaged() throws IOException {
        List<FrameAddress> addresses = write(Compression.DEFAULT, bytes(5000, true), bytes(6000, true));
        byte[] bytes = StoreContents.bytes(store, NAME);
        bytes[(int) addresses.get(1).offset() + 5]++;
        StoreContents.replace(store, NAME, bytes);
        try (FrameSource source = new FrameSource(FramedObjects.unsealed(store), ObjectKind.PACK, NAME, ID)) {
            source.read(addresses.get(0), ByteBuffer.allocate(5000));
            assertThatThrownBy(() -> source.read(addresses.get(1), ByteBuffer.allocate(6000)))
                    .isInstanceOf(DamagedObjectException.class)
                    .hasMessage("object \"some/object\" is damaged: frame 1 does not match its tag");
        }
    }

    @Test
    void aFrameIsReadOnlyAsWhatItIs() throws IOException {
        FrameAddress right =
                write(Compression.NONE, bytes(500, false), bytes(500, false)).getFirst();
        ByteBuffer target = ByteBuffer.allocate(FrameAddress.MAX_RAW_LENGTH);
        List<FrameAddress> wrong = List.of(
                new FrameAddress(ID, 1, right.offset(), 500, 500, Codec.NONE),
                new FrameAddress(ID, 0, right.offset(), 500, 501, Codec.NONE),
                new FrameAddress(ID, 0, right.offset(), 500, 500, Codec.ZSTD),
                new FrameAddress(ID, 0, right.offset(), 499, 500, Codec.NONE),
                new FrameAddress(ID, 0, right.offset() + 1, 500, 500, Codec.NONE),
                new FrameAddress(ID, 0, right.offset() + 516, 500, 500, Codec.NONE),
                new FrameAddress(ID, 0, 1L << 40, 500, 500, Codec.NONE));
        try (FrameSource source = new FrameSource(FramedObjects.unsealed(store), ObjectKind.PACK, NAME, ID)) {
            for (FrameAddress address : wrong) {
                assertThatThrownBy(() -> source.read(address, target.clear()))
                        .as("%s", address)
                        .isInstanceOf(DamagedObjectException.class);
            }
            source.read(right, target.clear());
            source.turnTo(NAME, new ObjectId(1, 2));
            assertThatThrownBy(() -> source.read(right, target.clear())).isInstanceOf(DamagedObjectException.class);
        }
    }

    @Test
    void saysThatANewerVersionWroteIt() throws IOException {
        write(Compression.DEFAULT, bytes(5000, true));
        byte[] bytes = StoreContents.bytes(store, NAME);
        int copy = bytes.length - FramedObjectFormat.FOOTER_LENGTH;
        for (int field : new int[] {6, 7}) {
            byte[] newer = bytes.clone();
            newer[copy + field] = 9;
            java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
            checksum.update(newer, copy, 60);
            ByteBuffer.wrap(newer).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(copy + 60, (int) checksum.getValue());
            StoreContents.replace(store, NAME, newer);
            assertThatThrownBy(this::open)
                    .isInstanceOf(NewerFormatException.class)
                    .hasMessage("object \"some/object\" was written by a newer version of pgark: "
                            + (field == 6 ? "format version 9" : "sealing 9") + " is not known here");
        }
    }

    @Test
    void isLaidOutAsTheDocumentSays() throws IOException {
        write(Compression.NONE, "abc".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String header = "504741524b010100"
                + "0123456789abcdeffedcba9876543210"
                + "0000000000000000000000000000000000000000000000000000000000000000"
                + "00000000"
                + "859eec17";
        String frame = "616263" + "69434cd60fcd319cc21683d087c3eb65";
        String index = "0303000001" + "318407e855cb14c4613d78978d2240d2";
        String place = "5300000000000000" + "05000000" + "05000000" + "00000000" + "01000000";
        String end = "4b524150" + "38fbaf96";
        assertThat(HexFormat.of().formatHex(StoreContents.bytes(store, NAME)))
                .isEqualTo(header + frame + index + header + place + end);
    }

    /** Computed by another implementation than this one. */
    @Test
    void isSealedAsTheDocumentSays() throws IOException {
        byte[] dataKey = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        FramedObjects objects =
                FramedObjects.encrypted(store, FixedSealing.of(dataKey, "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", 0x40));
        try (FrameCompressor compressor = new FrameCompressor(Compression.NONE);
                FramedObjectWriter writer = new FramedObjectWriter(objects, NAME, ObjectKind.PACK, ID, compressor)) {
            writer.append(ByteBuffer.wrap("abc".getBytes(java.nio.charset.StandardCharsets.UTF_8)), FrameRole.DATA);
            writer.finish();
            writer.commit();
        }
        String header = "504741524b010101"
                + "0123456789abcdeffedcba9876543210"
                + "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
                + "01000000"
                + "1a4462ea";
        String frame = "b4a341" + "5b69d3275e6834ff2a1f621ab2a0ef31";
        String index = "3d71703704" + "834d0c50050a2be192ec6c710adaeea7";
        String place = "5300000000000000" + "05000000" + "05000000" + "00000000" + "01000000";
        String end = "4b524150" + "38fbaf96";
        assertThat(HexFormat.of().formatHex(StoreContents.bytes(store, NAME)))
                .isEqualTo(header + frame + index + header + place + end);
        FramedObjectReader reader = FramedObjectReader.open(objects, NAME, ObjectKind.PACK, new FrameDecoder());
        assertThat(reader.readAll(FrameRole.DATA))
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .isEqualTo("abc");
    }
}
