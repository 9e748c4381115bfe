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
    private final CombinationRequest request;
    private final CombinationListener listener;
    private final List<BlockSource> sources = new ArrayList<>();
    private final BlockSource latest;
    private final @Nullable BlockSource[] origin;
    private final long[] offsets;
    private int wholeIndex = -1;
    private boolean copies;

    private Reconstruction(CombinationRequest request, CombinationListener listener, BlockSource latest) {
        this.request = request;
        this.listener = listener;
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
     * @param below the folder's path below the data directory, ending in a slash, the same in all backups
     * @param name the file's name without the prefix of an incremental one
     */
    static Reconstruction plan(
            CombinationRequest request, CombinationListener listener, Path incremental, String below, String name)
            throws IOException {
        Reconstruction plan = new Reconstruction(request, listener, BlockSource.incremental(incremental));
        boolean good = false;
        try {
            plan.lookBack(below, name);
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
        for (int i = request.backups().size() - 2; i >= 0; i--) {
            Path folder = request.backups().get(i).resolve(below);
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

    /**
     * Writes the file; its checksum.
     *
     * @param manifestPath the file's path in manifests
     */
    byte[] write(
            Path target,
            String manifestPath,
            ManifestChecksum algorithm,
            List<Optional<BackupManifest>> manifests,
            FileCopy copy,
            OutputPermissions permissions)
            throws IOException {
        if (!copies) {
            return assemble(target, algorithm, permissions);
        }
        byte[] known = KnownChecksum.of(
                manifests.get(wholeIndex), request.backups().get(wholeIndex), manifestPath, algorithm, listener);
        byte[] computed =
                copy.copy(sources.getLast().file(), target, known.length > 0 ? ManifestChecksum.NONE : algorithm);
        return known.length > 0 ? known : computed;
    }

    private byte[] assemble(Path target, ManifestChecksum algorithm, OutputPermissions permissions) throws IOException {
        listener.debug((request.dryRun() ? "would reconstruct \"" : "reconstructing \"") + target + "\" ("
                + origin.length + " blocks, checksum " + algorithm.word() + ")");
        ManifestChecksum.Computation checksum = algorithm.begin();
        int zeroes = 0;
        byte[] block = new byte[BlockSource.BLOCK];
        try (OutputStream out = request.dryRun() ? OutputStream.nullOutputStream() : permissions.create(target)) {
            for (int i = 0; i < origin.length; i++) {
                BlockSource source = origin[i];
                if (source == null) {
                    zeroes++;
                    Arrays.fill(block, (byte) 0);
                } else {
                    source.willRead(offsets[i]);
                    if (!request.dryRun()) {
                        source.read(offsets[i], ByteBuffer.wrap(block));
                    }
                }
                if (!request.dryRun()) {
                    write(out, target, block);
                    checksum.update(block, 0, block.length);
                }
            }
        }
        if (zeroes > 0) {
            listener.debug((request.dryRun() ? "would have zero-filled " : "zero-filled ") + zeroes + " blocks");
        }
        for (BlockSource source : sources.reversed()) {
            source.report(listener, request.dryRun());
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
