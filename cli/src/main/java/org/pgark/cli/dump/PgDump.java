package org.pgark.cli.dump;

import java.io.IOException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.pgark.cli.dump.PgDumpOptions.Format;
import org.pgark.cli.upstream.DumpLines;
import org.pgark.cli.upstream.OperatingSystemMessage;
import org.pgark.cli.upstream.ProgramConnections;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramLog;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.cli.upstream.UsageException;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.Dump;
import org.pgark.logical.archive.DumpHead;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.dump.DatabaseDump;
import org.pgark.logical.dump.DumpContents;
import org.pgark.logical.restore.DumpScript;
import org.pgark.postgres.wire.WireConnection;
import org.pgark.postgres.wire.WireException;

/** pg_dump: one database as a script or an archive. */
public final class PgDump implements UpstreamProgram {
    @Override
    public String name() {
        return "pg_dump";
    }

    @Override
    public String help() {
        return PgDumpHelp.TEXT;
    }

    @Override
    public boolean saysThatItWasTerminated() {
        return true;
    }

    @Override
    public int run(ProgramRun run) throws ProgramException, UsageException {
        run.log().setLevel(ProgramLog.Level.WARNING);
        PgDumpOptions options = PgDumpOptions.parse(run);
        DumpLines lines = new DumpLines(run.log());
        try (DumpOutput output = DumpOutput.open(run, options, lines);
                ProgramConnections connections = new ProgramConnections(run, options.connection())) {
            dump(run, options, connections, output, lines);
            return 0;
        } catch (DumpException e) {
            ProgramException failure = new ProgramException(String.valueOf(e.getMessage()));
            for (String detail : e.details()) {
                failure = failure.withDetail(detail);
            }
            throw failure;
        } catch (ArchiveException | WireException e) {
            throw new ProgramException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new ProgramException(OperatingSystemMessage.of(e));
        }
    }

    private static void dump(
            ProgramRun run, PgDumpOptions options, ProgramConnections connections, DumpOutput output, DumpLines lines)
            throws IOException {
        WireConnection connection = connections.open();
        ZonedDateTime created = ZonedDateTime.now(ZoneId.systemDefault());
        DatabaseDump reading = new DatabaseDump(options.dump(), lines);
        DumpContents contents = reading.read(connection);
        DumpHead head = new DumpHead(
                connection.settings().database(),
                connection.parameter("server_version").orElse(""),
                run.versionText(),
                created,
                options.version().major(),
                connection.charset());
        Dump all = new Dump(head, contents.items(), connection);
        DumpScript script = new DumpScript(all, options.script(), lines);
        if (options.format() == Format.PLAIN) {
            output.writeScript(script);
        } else {
            Dump selected = script.selected();
            Dump linked = new Dump(head, contents.withDependencies(selected.items()), connection);
            output.writeArchive(linked, script, () -> {
                WireConnection worker = connections.open();
                reading.prepareWorker(worker, contents.snapshot().orElseThrow());
                return worker;
            });
        }
    }
}
