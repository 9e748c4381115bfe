package org.pgark.physical.verify;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.datadir.RelationPath;
import org.pgark.postgres.page.PageChecksum;
import org.pgark.postgres.page.PageVerdict;
import org.pgark.postgres.page.PageVerifier;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.pack.FrameReader;
import org.pgark.repository.pack.FrameRescue;
import org.pgark.storage.NoSuchObjectException;

/** A pool of readers, each of which keeps the frame that it read last, since small files follow one another in one. */
final class SliceReaders implements AutoCloseable {
    private static final int PAGES_PER_SEGMENT = 131_072;

    private final ClusterRepository cluster;
    private final Deque<Reader> idle = new ArrayDeque<>();
    private final FrameReader rescueReader;
    private final FrameRescue rescue;

    SliceReaders(ClusterRepository cluster) {
        this.cluster = cluster;
        this.rescueReader = cluster.frameReader();
        this.rescue = cluster.frameRescue(rescueReader);
    }

    private static final class Reader {
        private final FrameReader frames;
        private byte[] content = new byte[256 << 10];
        private @Nullable FrameAddress held;

        Reader(FrameReader frames) {
            this.frames = frames;
        }

        byte[] read(FrameAddress address) throws IOException {
            if (!address.equals(held)) {
                held = null;
                if (content.length < address.rawLength()) {
                    content = new byte[address.rawLength()];
                }
                frames.read(address, content);
                held = address;
            }
            return content;
        }
    }

    void verify(FileSlice slice, BackupRecord backup, DamageList damages) throws IOException {
        Reader reader = take();
        try {
            long position = slice.start();
            for (Extent extent : slice.extents()) {
                if (extent instanceof Extent.Stored(FramePart part)) {
                    verify(reader, slice, position, part, backup, damages);
                }
                position += extent.length();
            }
        } finally {
            giveBack(reader);
        }
    }

    private void verify(
            Reader reader, FileSlice slice, long position, FramePart part, BackupRecord backup, DamageList damages)
            throws IOException {
        byte[] content;
        try {
            content = reader.read(part.frame());
        } catch (DamagedObjectException e) {
            found(e.name().value(), e, reader, slice, part, damages);
            return;
        } catch (NoSuchObjectException e) {
            cluster.checkPresence();
            found(e.name().value(), e, reader, slice, part, damages);
            return;
        }
        if (backup.server().checksumVersion() != 0) {
            verifyPages(content, slice, position, part, backup, damages);
        }
    }

    private void found(
            String object, IOException failure, Reader reader, FileSlice slice, FramePart part, DamageList damages)
            throws IOException {
        FrameAddress place = reader.frames.current(part.frame());
        if (damages.isNew(place)) {
            String elsewhere = rescue.rescue(part.frame())
                    .map(rescued -> "; a restore takes the same content from pack "
                            + rescued.from().stream().map(ObjectId::toString).collect(Collectors.joining(", ")))
                    .orElse("");
            damages.add(new Damage(
                    object, failure.getMessage() + elsewhere, slice.file().path()));
        }
    }

    private static void verifyPages(
            byte[] content, FileSlice slice, long position, FramePart part, BackupRecord backup, DamageList damages) {
        Optional<RelationPath> relation = RelationPath.parse(slice.file().path());
        if (relation.isEmpty() || position % PageChecksum.PAGE_BYTES != 0) {
            return;
        }
        Set<Integer> known = slice.file().damagedPages().isEmpty()
                ? Collections.emptySet()
                : new HashSet<>(slice.file().damagedPages());
        int segment = relation.get().file().segment();
        for (int offset = 0; offset + PageChecksum.PAGE_BYTES <= part.length(); offset += PageChecksum.PAGE_BYTES) {
            int page = (int) ((position + offset) / PageChecksum.PAGE_BYTES);
            int block = segment * PAGES_PER_SEGMENT + page;
            PageVerdict verdict = PageVerifier.verify(
                    content, part.offset() + offset, block, backup.wal().startLsn());
            if (verdict == PageVerdict.DAMAGED && !known.contains(page)) {
                damages.add(new Damage(
                        slice.file().path(),
                        "page " + page + " of \"" + slice.file().path() + "\" has a wrong checksum",
                        slice.file().path()));
            }
        }
    }

    private synchronized Reader take() {
        Reader reader = idle.poll();
        return reader != null ? reader : new Reader(cluster.frameReader());
    }

    private synchronized void giveBack(Reader reader) {
        idle.push(reader);
    }

    @Override
    public synchronized void close() {
        idle.forEach(reader -> reader.frames.close());
        rescueReader.close();
    }
}
