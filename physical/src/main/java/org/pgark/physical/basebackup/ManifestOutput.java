package org.pgark.physical.basebackup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.pgark.physical.receive.SystemMessage;

/** The manifest while it comes: under a temporary name in the backup's directory, or aside until it goes into the archive. */
final class ManifestOutput implements AutoCloseable {
    private static final String NAME = "backup_manifest";

    private final Path path;
    private final Optional<TarSink> sink;
    private final OutputStream out;
    private final boolean groupReads;

    ManifestOutput(Optional<Path> directory, Optional<TarSink> sink, boolean groupReads) throws IOException {
        this.sink = sink;
        this.groupReads = groupReads;
        if (sink.isPresent()) {
            path = Files.createTempFile("pgark", NAME);
            out = Files.newOutputStream(path);
        } else {
            path = temporary(directory.orElseThrow());
            out = ArchiveOutputs.create(path, groupReads);
        }
    }

    static Path temporary(Path directory) {
        return directory.resolve(NAME + ".tmp");
    }

    static Path complete(Path directory) {
        return directory.resolve(NAME);
    }

    void write(byte[] source, int offset, int length) throws IOException {
        try {
            out.write(source, offset, length);
        } catch (IOException e) {
            throw new BaseBackupException("could not write to file \"" + path + "\": " + SystemMessage.of(e), e);
        }
    }

    /** Ends the manifest, and puts it into the archive if that is its place. */
    void finish() throws IOException {
        out.close();
        if (sink.isPresent()) {
            sink.get().begin(TarMember.file(NAME, Files.size(path), groupReads));
            try (InputStream content = Files.newInputStream(path)) {
                byte[] buffer = new byte[64 << 10];
                for (int read = content.read(buffer); read > 0; read = content.read(buffer)) {
                    sink.get().content(buffer, 0, read);
                }
            }
            sink.get().end();
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
        if (sink.isPresent()) {
            Files.deleteIfExists(path);
        }
    }
}
