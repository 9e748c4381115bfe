package org.pgark.logical.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Opens archives and finds out which format they have. */
public final class ArchiveOpening {
    private static final byte[] DUMP_BEGINNING =
            "--\n-- PostgreSQL database dump\n--\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLUSTER_BEGINNING =
            "--\n-- PostgreSQL database cluster dump\n--\n\n".getBytes(StandardCharsets.US_ASCII);

    private final ArchiveMessages messages;

    /** @param messages hears warnings */
    public ArchiveOpening(ArchiveMessages messages) {
        this.messages = messages;
    }

    /** Opens a file or folder of this format, or of whatever format it has. */
    public ArchiveReader open(Path path, Optional<ArchiveFormat> format) throws IOException {
        if (format.isEmpty() && Files.isDirectory(path)) {
            requireToc(path);
            return DirectoryArchiveReader.open(path, messages);
        }
        if (format.isPresent() && format.get() == ArchiveFormat.DIRECTORY) {
            return DirectoryArchiveReader.open(path, messages);
        }
        ArchiveInput in = openFile(path, format);
        try {
            return open(in, Optional.of(path), format);
        } catch (ScriptFoundException e) {
            throw e;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Opens standard input. */
    public ArchiveReader open(InputStream standardInput, Optional<ArchiveFormat> format) throws IOException {
        if (format.isPresent() && format.get() == ArchiveFormat.DIRECTORY) {
            throw new ArchiveException("no output directory specified");
        }
        return open(ArchiveInput.of(standardInput), Optional.empty(), format);
    }

    private ArchiveReader open(ArchiveInput in, Optional<Path> path, Optional<ArchiveFormat> format)
            throws IOException {
        if (format.isPresent()) {
            return openStream(in, path, format.get());
        }
        long start = in.position();
        byte[] beginning = in.readNBytes(TarHeader.BLOCK);
        ArchiveInput whole = in;
        if (in.isSeekable()) {
            in.seek(start);
        } else {
            // A pipe can be read only once.
            whole = ArchiveInput.ofStream(new SequenceInputStream(new ByteArrayInputStream(beginning), in));
        }
        if (isScript(beginning)) {
            throw new ScriptFoundException(whole);
        }
        return openStream(whole, path, discover(beginning));
    }

    private ArchiveReader openStream(ArchiveInput in, Optional<Path> path, ArchiveFormat format) throws IOException {
        return switch (format) {
            case CUSTOM -> CustomArchiveReader.open(in, path, messages);
            case TAR -> TarArchiveReader.open(in, messages);
            case DIRECTORY -> throw new ArchiveException("no output directory specified");
        };
    }

    private static ArchiveInput openFile(Path path, Optional<ArchiveFormat> format) throws IOException {
        String what = format.isPresent() && format.get() == ArchiveFormat.TAR
                ? "could not open TOC file \"" + path + "\" for input: "
                : "could not open input file \"" + path + "\": ";
        try {
            return ArchiveInput.of(path);
        } catch (NoSuchFileException e) {
            throw new ArchiveException(what + "No such file or directory", e);
        } catch (AccessDeniedException e) {
            throw new ArchiveException(what + "Permission denied", e);
        }
    }

    private static void requireToc(Path directory) throws ArchiveException {
        for (CompressionMethod method : CompressionMethod.values()) {
            if (Files.isRegularFile(directory.resolve("toc.dat" + method.suffix()))) {
                return;
            }
        }
        throw new ArchiveException(
                "directory \"" + directory + "\" does not appear to be a valid archive (\"toc.dat\" does not exist)");
    }

    private static ArchiveFormat discover(byte[] beginning) throws ArchiveException {
        if (beginning.length < HeadReader.MAGIC.length) {
            throw new ArchiveException("input file is too short (read " + beginning.length + ", expected 5)");
        }
        if (startsWith(beginning, HeadReader.MAGIC)) {
            return ArchiveFormat.CUSTOM;
        }
        if (beginning.length < TarHeader.BLOCK) {
            throw new ArchiveException("input file does not appear to be a valid archive (too short?)");
        }
        if (!TarHeader.isValid(beginning)) {
            throw new ArchiveException("input file does not appear to be a valid tar archive");
        }
        return ArchiveFormat.TAR;
    }

    private static boolean isScript(byte[] beginning) {
        return startsWith(beginning, DUMP_BEGINNING) || startsWith(beginning, CLUSTER_BEGINNING);
    }

    private static boolean startsWith(byte[] bytes, byte[] beginning) {
        return bytes.length >= beginning.length
                && Arrays.equals(bytes, 0, beginning.length, beginning, 0, beginning.length);
    }
}
