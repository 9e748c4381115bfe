package org.pgark.postgres.manifest;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;

/** A backup_manifest as a whole. */
public final class BackupManifest implements ManifestVisitor {
    private final SequencedMap<String, ManifestFile> files = new LinkedHashMap<>();
    private final List<WalRange> walRanges = new ArrayList<>();
    private int version;
    private OptionalLong systemIdentifier = OptionalLong.empty();

    private BackupManifest() {}

    /**
     * Reads a manifest, and checks its own checksum.
     *
     * @throws ManifestException if it is none, or damaged
     */
    public static BackupManifest read(Path file) throws IOException {
        BackupManifest manifest = new BackupManifest();
        read(file, manifest);
        return manifest;
    }

    /**
     * Tells a visitor what a manifest holds; only when that returns is it certain that the manifest is whole.
     *
     * @throws ManifestException if it is none, or damaged
     */
    public static void read(Path file, ManifestVisitor visitor) throws IOException {
        ManifestParser parser = new ManifestParser(visitor);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            parser.parse(in);
        }
        ManifestSeal.check(file, parser.checksum());
    }

    /** 1 or 2. */
    public int version() {
        return version;
    }

    /** The cluster, to be read as unsigned; empty before version 2. */
    public OptionalLong systemIdentifier() {
        return systemIdentifier;
    }

    /** The files by path, in the manifest's order. */
    public Map<String, ManifestFile> files() {
        return files;
    }

    /** The WAL that is needed. */
    public List<WalRange> walRanges() {
        return walRanges;
    }

    @Override
    public void version(int number) {
        version = number;
    }

    @Override
    public void systemIdentifier(long identifier) {
        systemIdentifier = OptionalLong.of(identifier);
    }

    @Override
    public void file(ManifestFile file) throws ManifestException {
        if (files.put(file.path(), file) != null) {
            throw new ManifestException("duplicate path name in backup manifest: \"" + file.path() + "\"");
        }
    }

    @Override
    public void walRange(WalRange range) {
        walRanges.add(range);
    }
}
