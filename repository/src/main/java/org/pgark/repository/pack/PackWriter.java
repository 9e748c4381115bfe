package org.pgark.repository.pack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.content.ContentsEncoder;
import org.pgark.repository.content.FrameContents;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FrameCompressor;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectWriter;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.storage.ObjectName;

/**
 * Appends frames to packs: begins a new pack whenever the current one has grown to some 64 MiB. One for each worker, not
 * for several threads. Keeps nothing but the current frame in memory.
 *
 * <p>A full pack is committed by another thread while this one goes on; at most one is under way.
 */
public final class PackWriter implements AutoCloseable {
    /** From this size on a pack is full. */
    static final long FULL = 64L << 20;

    private static final int CONTENTS_FULL = 256 << 10;

    private final FramedObjects objects;
    private final ObjectName folder;
    private final RandomGenerator random;
    private final FrameCompressor compressor;
    private final Consumer<PackSummary> durable;
    private final long full;
    private final List<PackSummary> packs = new ArrayList<>();
    private final ContentsEncoder contents = new ContentsEncoder();
    private @Nullable FramedObjectWriter current;
    private @Nullable PackCommit underWay;
    private boolean committed;

    /**
     * Writes packs into a folder.
     *
     * @param folder for example {@code clusters/4f0c4f0c4f0c4f0c/packs}
     * @param random draws the ids of packs; used by this writer's thread only, or itself for several threads
     */
    public PackWriter(FramedObjects objects, ObjectName folder, Compression compression, RandomGenerator random) {
        this(objects, folder, compression, random, _ -> {});
    }

    /**
     * Likewise.
     *
     * @param durable is told of each pack once it is durable, by this writer's thread
     */
    public PackWriter(
            FramedObjects objects,
            ObjectName folder,
            Compression compression,
            RandomGenerator random,
            Consumer<PackSummary> durable) {
        this(objects, folder, compression, random, durable, FULL);
    }

    PackWriter(
            FramedObjects objects,
            ObjectName folder,
            Compression compression,
            RandomGenerator random,
            Consumer<PackSummary> durable,
            long full) {
        this.objects = objects;
        this.folder = folder;
        this.random = random;
        this.compressor = new FrameCompressor(compression);
        this.durable = durable;
        this.full = full;
    }

    /**
     * Compresses all remaining bytes of {@code raw} into one frame and appends it. Direct buffers are used as they are,
     * others are copied first.
     *
     * @param raw 1 to {@link FrameAddress#MAX_RAW_LENGTH} bytes
     * @return where the frame will be found once {@link #commit()} has returned
     */
    public FrameAddress append(ByteBuffer raw) throws IOException {
        return append(raw, FrameRole.DATA);
    }

    /** Like {@link #append(ByteBuffer)}, for bytes of which is known what they are. */
    public FrameAddress append(ByteBuffer raw, FrameContents known) throws IOException {
        if (known.length() != raw.remaining()) {
            throw new IllegalArgumentException(
                    "invalid contents of " + known.length() + " bytes for a frame of " + raw.remaining());
        }
        FrameAddress address = append(raw, FrameRole.DATA);
        contents.add(address.frame(), known);
        if (contents.length() >= CONTENTS_FULL) {
            writeContents();
        }
        return address;
    }

    private void writeContents() throws IOException {
        FramedObjectWriter pack = current;
        if (pack != null && contents.length() > 0) {
            pack.append(contents.view(), FrameRole.CONTENTS);
            contents.clear();
        }
    }

    /** Like {@link #append(ByteBuffer)}, for a frame of any role. */
    public FrameAddress append(ByteBuffer raw, FrameRole role) throws IOException {
        if (committed) {
            throw new IllegalStateException("the packs are committed already");
        }
        FramedObjectWriter pack = current;
        if (pack != null && pack.size() >= full) {
            roll(pack);
            pack = null;
        }
        if (pack == null) {
            ObjectId id = ObjectId.random(random);
            pack = new FramedObjectWriter(objects, PackNames.of(folder, id), ObjectKind.PACK, id, compressor);
            current = pack;
        }
        return pack.append(raw, role);
    }

    private void roll(FramedObjectWriter pack) throws IOException {
        writeContents();
        pack.finish();
        awaitCommit();
        current = null;
        underWay = PackCommit.start(pack);
    }

    private void awaitCommit() throws IOException {
        PackCommit commit = underWay;
        if (commit != null) {
            underWay = null;
            PackSummary pack = commit.await();
            packs.add(pack);
            durable.accept(pack);
        }
    }

    /** Makes everything that was appended durable. No frame can be appended afterwards. */
    public void commit() throws IOException {
        committed = true;
        FramedObjectWriter pack = current;
        if (pack != null) {
            roll(pack);
        }
        awaitCommit();
    }

    /** The packs that were written; complete after {@link #commit()}. */
    public List<PackSummary> packs() {
        return List.copyOf(packs);
    }

    /** Gives up what is not committed and releases the buffers. */
    @Override
    public void close() throws IOException {
        compressor.close();
        FramedObjectWriter pack = current;
        if (pack != null) {
            current = null;
            pack.close();
        }
        if (underWay != null) {
            awaitCommit();
        }
    }
}
