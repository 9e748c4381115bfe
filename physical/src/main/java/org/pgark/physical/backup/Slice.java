package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.pgark.physical.failure.FailedException;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;

/**
 * Some megabytes of a large file, in frames of their own, so that many workers can share the file. What the file grew
 * by since it was listed is left to WAL.
 *
 * @param position where it begins in the file
 * @param length how many bytes it has
 * @param last whether it is the file's last one
 */
record Slice(SourceFile file, long position, long length, boolean last) implements PackingTask {
    /** Long enough that opening the file costs nothing, short enough that no worker is left alone at the end. */
    static final long MAX_BYTES = 4 << 20;

    @Override
    public List<PackedPart> pack(Packer packer) throws IOException, FailedException, InterruptedException {
        FileChannel opened;
        try {
            opened = FileChannel.open(file.place(), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return List.of(PackedPart.vanished(file, last));
        } catch (IOException e) {
            throw UnreadableFile.failure(file.path(), e);
        }
        try (FileChannel channel = opened) {
            return List.of(pack(packer, channel));
        }
    }

    private PackedPart pack(Packer packer, FileChannel channel)
            throws IOException, FailedException, InterruptedException {
        List<Extent> extents = new ArrayList<>();
        List<PageDamage> damages = new ArrayList<>();
        ByteBuffer frame = packer.frame();
        long done = 0;
        while (done < length) {
            int wanted = (int) Math.min(Packer.FRAME_BYTES, length - done);
            frame.clear().limit(wanted);
            damages.addAll(packer.read(file, channel, position + done));
            int read = frame.position();
            if (read > 0) {
                extents.add(
                        packer.frameIsZero()
                                ? new Extent.Zeros(read)
                                : new Extent.Stored(new FramePart(packer.appendFrame(), 0, read)));
                done += read;
            }
            if (read < wanted) {
                break;
            }
        }
        return new PackedPart(file, last, true, length - done, extents, damages);
    }
}
