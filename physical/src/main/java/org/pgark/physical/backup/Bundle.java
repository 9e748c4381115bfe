package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.datadir.FileType;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;

/**
 * Neighbours in the order of paths, each small enough to share frames with others. They are read to the end that they
 * have when they are opened.
 *
 * @param files also directories and links, which only take their place in the order
 */
record Bundle(List<SourceFile> files) implements PackingTask {
    /** How many raw bytes may come together. */
    static final long MAX_BYTES = 4 << 20;
    /** How many files may come together. */
    static final int MAX_FILES = 1000;

    @Override
    public List<PackedPart> pack(Packer packer) throws IOException, FailedException, InterruptedException {
        packer.frame().clear();
        Filling filling = new Filling(packer);
        List<PackedPart> parts = new ArrayList<>(files.size());
        for (SourceFile file : files) {
            parts.add(file.status().type() == FileType.REGULAR ? filling.add(file) : PackedPart.withoutContent(file));
        }
        filling.flush();
        return parts;
    }

    /** The frame that is being put together, and who has a part of it. */
    private static final class Filling {
        private final Packer packer;
        private final List<Claim> claims = new ArrayList<>();

        Filling(Packer packer) {
            this.packer = packer;
        }

        PackedPart add(SourceFile file) throws IOException, FailedException, InterruptedException {
            FileChannel opened;
            try {
                opened = FileChannel.open(file.place(), StandardOpenOption.READ);
            } catch (NoSuchFileException e) {
                return PackedPart.vanished(file, true);
            } catch (IOException e) {
                throw UnreadableFile.failure(file.path(), e);
            }
            try (FileChannel channel = opened) {
                return add(file, channel);
            }
        }

        private PackedPart add(SourceFile file, FileChannel channel)
                throws IOException, FailedException, InterruptedException {
            List<Extent> extents = new ArrayList<>(1);
            List<PageDamage> damages = new ArrayList<>(0);
            ByteBuffer frame = packer.frame();
            long size = channel.size();
            if (size > frame.remaining()) {
                flush();
            }
            long done = 0;
            while (done < size) {
                int begin = frame.position();
                int wanted = (int) Math.min(frame.capacity() - begin, size - done);
                frame.limit(begin + wanted);
                damages.addAll(packer.read(file, channel, done));
                int read = frame.position() - begin;
                frame.limit(frame.capacity());
                if (read > 0) {
                    claims.add(new Claim(extents, begin, read));
                    done += read;
                }
                if (!frame.hasRemaining()) {
                    flush();
                }
                if (read < wanted) {
                    break;
                }
            }
            return new PackedPart(file, true, true, 0, extents, damages);
        }

        void flush() throws IOException {
            if (claims.isEmpty()) {
                return;
            }
            FrameAddress address = packer.appendFrame();
            for (Claim claim : claims) {
                claim.extents.add(new Extent.Stored(new FramePart(address, claim.offset, claim.length)));
            }
            claims.clear();
        }
    }

    /** A stretch of the frame that belongs to one file; its extent is known when the frame is appended. */
    private record Claim(List<Extent> extents, int offset, int length) {}
}
