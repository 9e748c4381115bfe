package org.pgark.cli.dump;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.pgark.cli.dump.PgDumpOptions.Field;
import org.pgark.cli.dump.PgDumpOptions.Format;
import org.pgark.cli.upstream.OperatingSystemMessage;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.CompressionMethod;
import org.pgark.logical.archive.CustomArchiveWriter;
import org.pgark.logical.archive.DirectoryArchiveWriter;
import org.pgark.logical.archive.Dump;
import org.pgark.logical.archive.OutputFile;
import org.pgark.logical.archive.TarArchiveWriter;
import org.pgark.logical.archive.WorkerConnections;
import org.pgark.logical.restore.DumpScript;

/** Where a dump goes. It is opened before the server is asked for anything, so that a wrong name is told at once. */
final class DumpOutput implements AutoCloseable {
    private static final int BUFFER = 256 << 10;

    private final ProgramRun run;
    private final PgDumpOptions options;
    private final Optional<Script> script;
    private final Optional<CustomArchiveWriter> custom;
    private final Optional<DirectoryArchiveWriter> directory;
    private final Optional<TarArchiveWriter> tar;

    /** A script's compressor, and the file behind it. */
    private record Script(OutputStream text, Optional<OutputFile> file) {}

    private DumpOutput(ProgramRun run, PgDumpOptions options, ArchiveMessages messages) throws IOException {
        this.run = run;
        this.options = options;
        Format format = options.format();
        this.script = format == Format.PLAIN ? Optional.of(openScript()) : Optional.empty();
        this.custom = format == Format.CUSTOM ? Optional.of(openCustom()) : Optional.empty();
        this.directory = format == Format.DIRECTORY ? Optional.of(openDirectory(messages)) : Optional.empty();
        this.tar = format == Format.TAR ? Optional.of(openTar()) : Optional.empty();
    }

    static DumpOutput open(ProgramRun run, PgDumpOptions options, ArchiveMessages messages)
            throws ProgramException, IOException {
        if (options.format() == Format.DIRECTORY && options.field(Field.FILE).isEmpty()) {
            throw new ProgramException("no output directory specified");
        }
        if (options.format() == Format.TAR && options.compression().method() != CompressionMethod.NONE) {
            throw new ProgramException("compression is not supported by tar archive format");
        }
        try {
            return new DumpOutput(run, options, messages);
        } catch (java.nio.file.FileSystemException e) {
            String file = "\"" + options.field(Field.FILE).orElse("") + "\"";
            String what = options.format() == Format.TAR ? "TOC file " + file + " for output" : "output file " + file;
            throw new ProgramException("could not open " + what + ": " + OperatingSystemMessage.of(e));
        }
    }

    private Optional<Path> file() {
        return options.field(Field.FILE).map(Path::of);
    }

    private Script openScript() throws IOException {
        if (file().isEmpty()) {
            return new Script(compressed(run.standardOutput()), Optional.empty());
        }
        OpenOption[] how = options.appends()
                ? new OpenOption[] {StandardOpenOption.CREATE, StandardOpenOption.APPEND}
                : new OpenOption[] {
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING
                };
        OutputFile file = OutputFile.open(file().get(), how);
        return new Script(compressed(file), Optional.of(file));
    }

    private OutputStream compressed(OutputStream out) throws IOException {
        return new BufferedOutputStream(options.compression().file(out), BUFFER);
    }

    private CustomArchiveWriter openCustom() throws IOException {
        return file().isEmpty()
                ? CustomArchiveWriter.to(run.standardOutput(), options.compression())
                : CustomArchiveWriter.to(file().get(), options.compression(), options.isDurable());
    }

    private DirectoryArchiveWriter openDirectory(ArchiveMessages messages) throws IOException {
        return DirectoryArchiveWriter.to(file().orElseThrow(), options.compression(), options.isDurable(), messages);
    }

    private TarArchiveWriter openTar() throws IOException {
        return file().isEmpty()
                ? TarArchiveWriter.to(run.standardOutput())
                : TarArchiveWriter.to(file().get(), options.isDurable());
    }

    void writeScript(DumpScript dump) throws IOException {
        OutputStream out = script.orElseThrow().text();
        dump.write(out);
        out.close();
        if (file().isPresent() && options.isDurable() && Files.isRegularFile(file().get())) {
            try (FileChannel channel = FileChannel.open(file().get(), StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
    }

    void writeArchive(Dump dump, DumpScript script, WorkerConnections workers) throws IOException {
        switch (options.format()) {
            case CUSTOM -> custom.orElseThrow().write(dump);
            case TAR -> tar.orElseThrow().write(dump, script::writeForTar);
            case DIRECTORY -> {
                if (options.jobs() > 1) {
                    directory.orElseThrow().write(dump, options.jobs(), workers);
                } else {
                    directory.orElseThrow().write(dump);
                }
            }
            case PLAIN -> throw new IllegalStateException("a script is no archive");
        }
    }

    /** What was broken off gets no end: a compressed script would look whole. */
    @Override
    public void close() throws IOException {
        if (script.isPresent() && script.get().file().isPresent()) {
            script.get().file().get().close();
        }
        if (custom.isPresent()) {
            custom.get().close();
        }
        if (tar.isPresent()) {
            tar.get().close();
        }
    }
}
