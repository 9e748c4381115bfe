package org.pgark.cli.restore;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.pgark.cli.upstream.ClusterFolder;
import org.pgark.cli.upstream.OperatingSystemMessage;
import org.pgark.cli.upstream.ProgramConnections;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.cli.upstream.UsageException;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.ArchiveOpening;
import org.pgark.logical.archive.ArchiveReader;
import org.pgark.logical.archive.ScriptFoundException;
import org.pgark.logical.restore.ArchiveRestore;
import org.pgark.logical.script.ScriptRestore;
import org.pgark.postgres.wire.WireException;

/** pg_restore: brings archives of pg_dump to a server, or makes scripts of them. */
public final class PgRestore implements UpstreamProgram {
    private static final int BUFFER = 64 << 10;

    @Override
    public String name() {
        return "pg_restore";
    }

    @Override
    public String help() {
        return PgRestoreHelp.TEXT;
    }

    @Override
    public int run(ProgramRun run) throws ProgramException, UsageException {
        run.log().setLevel(ProgramLog.Level.WARNING);
        PgRestoreOptions options = PgRestoreOptions.parse(run);
        try {
            int errors = restore(run, options);
            if (errors > 0) {
                run.log().warning("errors ignored on restore: " + errors);
            }
            return errors > 0 ? 1 : 0;
        } catch (ArchiveException | WireException e) {
            throw new ProgramException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new ProgramException(OperatingSystemMessage.of(e));
        }
    }

    private static int restore(ProgramRun run, PgRestoreOptions options) throws IOException, ProgramException {
        Optional<Path> whole = options.input().map(Path::of).filter(ClusterFolder::isAt);
        if (whole.isPresent()) {
            return new ClusterRestore(run, options, whole.get()).restore();
        }
        LogMessages messages = new LogMessages(run.log());
        try {
            return restoreArchive(run, options, messages);
        } catch (ScriptFoundException e) {
            if (!options.goesToServer()) {
                throw e;
            }
            try (InputStream script = e.script()) {
                return restoreScript(run, options, messages, script);
            }
        }
    }

    /** PostgreSQL leaves this to psql. A script can only be run as a whole. */
    private static int restoreScript(ProgramRun run, PgRestoreOptions options, LogMessages messages, InputStream script)
            throws IOException, ProgramException {
        if (options.choosesAmongEntries()) {
            throw new ProgramException("a plain script can only be restored as a whole");
        }
        try (ProgramConnections connections = new ProgramConnections(run, options.connection());
                ScriptRestore restore = new ScriptRestore(
                        connections::open, messages, options.restore().endsWithFirstError())) {
            return restore.run(script, options.isInOneTransaction());
        }
    }

    private static int restoreArchive(ProgramRun run, PgRestoreOptions options, LogMessages messages)
            throws IOException, ProgramException {
        try (ArchiveReader archive = open(run, options, messages)) {
            ArchiveRestore restore = new ArchiveRestore(archive, options.restore(), messages);
            if (options.listFile().isPresent()) {
                useList(restore, options.listFile().get());
            }
            if (options.lists()) {
                try (OutputStream out = output(run, options)) {
                    out.write(restore.list());
                }
                return 0;
            }
            if (options.goesToServer()) {
                try (ProgramConnections connections = new ProgramConnections(run, options.connection())) {
                    return restore.toServer(connections::open, options.jobs());
                }
            }
            try (OutputStream out = output(run, options)) {
                restore.toScript(out);
            }
            return 0;
        }
    }

    private static ArchiveReader open(ProgramRun run, PgRestoreOptions options, LogMessages messages)
            throws IOException {
        ArchiveOpening opening = new ArchiveOpening(messages);
        return options.input().isPresent()
                ? opening.open(Path.of(options.input().get()), options.format())
                : opening.open(run.standardInput(), options.format());
    }

    private static void useList(ArchiveRestore restore, String file) throws IOException {
        try (BufferedReader list = Files.newBufferedReader(Path.of(file), StandardCharsets.ISO_8859_1)) {
            restore.useList(list);
        } catch (ArchiveException e) {
            throw e;
        } catch (IOException e) {
            throw new ArchiveException("could not open TOC file \"" + file + "\": " + OperatingSystemMessage.of(e), e);
        }
    }

    static OutputStream output(ProgramRun run, PgRestoreOptions options) throws ArchiveException {
        Optional<String> file = options.output().filter(name -> !name.equals("-"));
        if (file.isEmpty()) {
            return new BufferedOutputStream(run.standardOutput(), BUFFER);
        }
        try {
            return new BufferedOutputStream(Files.newOutputStream(Path.of(file.get())), BUFFER);
        } catch (FileNotFoundException e) {
            throw new ArchiveException("could not open output file \"" + file.get() + "\": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ArchiveException(
                    "could not open output file \"" + file.get() + "\": " + OperatingSystemMessage.of(e), e);
        }
    }
}
