package org.pgark.logical.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** A file that a dump writes; what goes wrong while it is written names it. */
public final class OutputFile extends OutputStream {
    private final Path path;
    private final OutputStream out;

    private OutputFile(Path path, OutputStream out) {
        super();
        this.path = path;
        this.out = out;
    }

    /** Opens a file as {@link Files#newOutputStream} does, with its exceptions. */
    public static OutputFile open(Path path, OpenOption... options) throws IOException {
        return new OutputFile(path, Files.newOutputStream(path, options));
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        try {
            out.write(source, offset, length);
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    static ArchiveException failure(Path path, IOException e) {
        return new ArchiveException("could not write to output file \"" + path + "\": " + e.getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }
}
