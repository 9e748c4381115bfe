package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.manifest.BackupManifest;
import org.pgark.postgres.manifest.ManifestChecksum;
import org.pgark.postgres.manifest.ManifestFile;

/**
 * Puts a file together from the newest incremental one and what older backups have of it: each block from the newest
 * backup that holds it, back to one that has the whole file; what none has is zeroes.
 */
final class Reconstruction implements AutoCloseable {
    private final List<Path> backups;
    private final List<BlockSource> sources = new ArrayList<>();
    private final BlockSource latest;
    private final @Nullable BlockSource[] origin;
    private final long[] offsets;
    private int wholeIndex = -1;
    private boolean copies;

    private Reconstruction(List<Path> backups, BlockSource latest) {
        this.backups = backups;
        this.latest = latest;
        sources.add(latest);
        int length = latest.truncationLength();
        for (int block : latest.blocks()) {
            length = Math.max(length, block + 1);
        }
        origin = new BlockSource[length];
        offsets = new long[length];
    }

    /**
     * Finds out where each block comes from.
     *
     * @param backups a full backup and the incremental ones on top of it, oldest first
     * @param file of which the last one has the changes
     */
    static Reconstruction plan(List<Path> backups, CombinedTree.Member file) throws IOException {
        Reconstruction plan = new Reconstruction(backups, BlockSource.incremental(file.source()));
        boolean good = false;
        try {
            plan.lookBack(file.below(), file.name());
            good = true;
            return plan;
        } finally {
            if (!good) {
                plan.close();
            }
        }
    }

    private void lookBack(String below, String name) throws IOException {
        take(latest, origin.length);
        boolean onlyOld = latest.blocks().length == 0;
        for (int i = backups.size() - 2; i >= 0; i--) {
            Path folder = backups.get(i).resolve(below);
            Optional<BlockSource> whole = BlockSource.whole(folder.resolve(name));
            BlockSource source =
                    whole.isPresent() ? whole.get() : BlockSource.incremental(folder.resolve("INCREMENTAL." + name));
            sources.add(source);
            if (source.isWhole()) {
                takeWhole(source);
                wholeIndex = i;
                copies = onlyOld && (long) latest.truncationLength() * BlockSource.BLOCK == source.size();
                return;
            }
            onlyOld &= !take(source, latest.truncationLength());
        }
        throw new StoredBackupException("full backup contains unexpected incremental file \""
                + sources.getLast().file() + "\"");
    }

    /** Takes the blocks below a limit that nothing newer has; whether there are any. */
    private boolean take(BlockSource source, int limit) {
        boolean any = false;
        int[] blocks = source.blocks();
        for (int i = 0; i < blocks.length; i++) {
            int block = blocks[i];
            if (block < limit && origin[block] == null) {
                origin[block] = source;
                offsets[block] = source.offset(i);
                any = true;
            }
        }
        return any;
    }

    private void takeWhole(BlockSource source) throws IOException {
        long length = source.size() / BlockSource.BLOCK;
        for (int block = 0; block < latest.truncationLength() && block < length; block++) {
            if (origin[block] == null) {
                origin[block] = source;
                offsets[block] = source.offset(block);
            }
        }
    }

    /** Whether all of it is one whole file of an older backup. */
    boolean isCopy() {
        return copies;
    }

    /** That file. */
    Path whole() {
        return sources.getLast().file();
    }

    /** Which of the backups has the whole file behind all changes. */
    int wholeIndex() {
        return wholeIndex;
    }

    /** How many bytes the file has. */
    long length() {
        return (long) origin.length * BlockSource.BLOCK;
    }

    /** Takes one block after another, which the caller changes afterwards. */
    @FunctionalInterface
    interface BlockTarget {
        void take(byte[] block) throws IOException;
    }

    /** Gives all blocks from the first to the last; how many of them no backup has. */
    int read(BlockTarget target) throws IOException {
        int zeroes = 0;
        byte[] block = new byte[BlockSource.BLOCK];
        for (int i = 0; i < origin.length; i++) {
            BlockSource source = origin[i];
            if (source == null) {
                zeroes++;
                Arrays.fill(block, (byte) 0);
            } else {
                source.willRead(offsets[i]);
                source.read(offsets[i], ByteBuffer.wrap(block));
            }
            target.take(block);
        }
        return zeroes;
    }

    /** Only finds out which blocks are where. */
    private int rehearse() {
        int zeroes = 0;
        for (int i = 0; i < origin.length; i++) {
            BlockSource source = origin[i];
            if (source == null) {
                zeroes++;
            } else {
                source.willRead(offsets[i]);
            }
        }
        return zeroes;
    }

    /** Writes the file, but for a dry run; its checksum. */
    byte[] assemble(
            boolean dryRun,
            Path target,
            ManifestChecksum algorithm,
            OutputPermissions permissions,
            CombinationListener listener)
            throws IOException {
        listener.debug((dryRun ? "would reconstruct \"" : "reconstructing \"") + target + "\" (" + origin.length
                + " blocks, checksum " + algorithm.word() + ")");
        ManifestChecksum.Computation checksum = algorithm.begin();
        int zeroes;
        if (dryRun) {
            zeroes = rehearse();
        } else {
            try (OutputStream out = permissions.create(target)) {
                zeroes = read(block -> {
                    write(out, target, block);
                    checksum.update(block, 0, block.length);
                });
            }
        }
        if (zeroes > 0) {
            listener.debug((dryRun ? "would have zero-filled " : "zero-filled ") + zeroes + " blocks");
        }
        for (BlockSource source : sources.reversed()) {
            source.report(listener, dryRun);
        }
        return checksum.finish();
    }

    private static void write(OutputStream out, Path target, byte[] block) throws StoredBackupException {
        try {
            out.write(block);
        } catch (IOException e) {
            throw StoredBackupException.of("could not write file", target, e);
        }
    }

    @Override
    public void close() throws IOException {
        for (BlockSource source : sources) {
            source.close();
        }
    }

    /** A checksum that a manifest knows already. */
    static final class KnownChecksum {
        private KnownChecksum() {}

        /** Empty if it does not know it. */
        static byte[] of(
                Optional<BackupManifest> manifest,
                Path backup,
                String path,
                ManifestChecksum algorithm,
                CombinationListener listener) {
            if (manifest.isEmpty() || algorithm == ManifestChecksum.NONE) {
                return new byte[0];
            }
            ManifestFile file = manifest.get().files().get(path);
            if (file == null) {
                listener.warning(
                        "manifest file \"" + backup.resolve("backup_manifest") + "\" contains no entry for file \""
                                + path + "\"",
                        "");
                return new byte[0];
            }
            return file.algorithm() == algorithm ? file.checksum() : new byte[0];
        }
    }
}
