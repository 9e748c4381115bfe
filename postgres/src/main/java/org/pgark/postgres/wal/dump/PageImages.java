package org.pgark.postgres.wal.dump;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalBlocks;
import org.pgark.postgres.wal.WalRecord;
import org.pgark.postgres.wal.describe.BlockReferences;
import org.pgark.postgres.wal.describe.ImageCompression;

/** Saves the images of pages that records carry, each as a file with a page as it was. */
public final class PageImages {
    private static final int PAGE_BYTES = 8192;

    private final Path folder;
    private final PageDecompressor zstd;

    /**
     * Saves into a folder.
     *
     * @param zstd for the images that are compressed so
     */
    public PageImages(Path folder, PageDecompressor zstd) {
        this.folder = folder;
        this.zstd = zstd;
    }

    /**
     * Saves those of one record.
     *
     * @param timeline of the segment file that the record was read from; part of the files' names
     */
    public void save(PostgresMajor major, Timeline timeline, WalRecord record) throws IOException {
        WalBlocks blocks = record.blocks();
        for (int i = 0; i < blocks.count(); i++) {
            if (blocks.hasImage(i)) {
                Path file = folder.resolve(name(timeline, record, i));
                byte[] page = page(major, record, i);
                try {
                    Files.write(file, page);
                } catch (IOException e) {
                    throw new WalFileException("could not write file \"" + file + "\": " + e.getMessage());
                }
            }
        }
    }

    private static String name(Timeline timeline, WalRecord record, int i) throws WalFileException {
        WalBlocks blocks = record.blocks();
        if (blocks.fork(i) > 3) {
            throw new WalFileException("invalid fork number: " + blocks.fork(i));
        }
        long start = record.start().value();
        return String.format(
                Locale.ROOT,
                "%s-%08X-%08X.%s.%s.%s.%s_%s",
                timeline.toHex(),
                start >>> 32,
                start & 0xFFFF_FFFFL,
                Integer.toUnsignedString(blocks.tablespace(i)),
                Integer.toUnsignedString(blocks.database(i)),
                Integer.toUnsignedString(blocks.relation(i)),
                Integer.toUnsignedString(blocks.number(i)),
                BlockReferences.fork(blocks.fork(i)));
    }

    private byte[] page(PostgresMajor major, WalRecord record, int i) throws WalFileException {
        WalBlocks blocks = record.blocks();
        RecordPart image = blocks.image(i);
        byte[] content = new byte[image.length()];
        image.copyTo(0, content, 0, content.length);
        int size = PAGE_BYTES - blocks.holeBytes(i);
        try {
            byte[] whole = decompressed(ImageCompression.of(major, blocks.imageFlags(i)), content, size);
            byte[] page = new byte[PAGE_BYTES];
            int before = blocks.holeBytes(i) == 0 ? size : blocks.holeOffset(i);
            System.arraycopy(whole, 0, page, 0, before);
            System.arraycopy(whole, before, page, before + blocks.holeBytes(i), size - before);
            return page;
        } catch (PageDecompressor.DamagedImageException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new WalFileException("could not decompress image at " + record.start() + ", block " + blocks.id(i));
        }
    }

    private byte[] decompressed(ImageCompression compression, byte[] content, int size)
            throws PageDecompressor.DamagedImageException {
        return switch (compression) {
            case NONE -> content;
            case PGLZ -> new Pglz().decompress(content, size);
            case LZ4 -> new Lz4Block().decompress(content, size);
            case ZSTD -> zstd.decompress(content, size);
        };
    }
}
