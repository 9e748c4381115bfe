package org.pgark.cli.wal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.upstream.GivenOption;
import org.pgark.cli.upstream.OperatingSystemMessage;
import org.pgark.cli.upstream.OptionReader;
import org.pgark.cli.upstream.OptionTable;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.postgres.wal.describe.BlockReferences;
import org.pgark.postgres.wal.summary.WalSummaryFile;

/** pg_walsummary: what WAL summaries say. */
public final class WalSummaryProgram implements UpstreamProgram {
    private static final OptionTable TABLE =
            OptionTable.builder().flag('i', "individual").flag('q', "quiet").build();

    private boolean individual;
    private boolean quiet;

    @Override
    public String name() {
        return "pg_walsummary";
    }

    @Override
    public String help() {
        return """
                pg_walsummary prints the contents of a WAL summary file.

                Usage:
                  pg_walsummary [OPTION]... FILE...

                Options:
                  -i, --individual          list block numbers individually, not as ranges
                  -q, --quiet               don't print anything, just parse the files
                  -V, --version             output version information, then exit
                  -?, --help                show this help, then exit

                Report bugs to <pgsql-bugs@lists.postgresql.org>.
                PostgreSQL home page: <https://www.postgresql.org/>
                """;
    }

    @Override
    public int run(ProgramRun run) throws Exception {
        OptionReader reader = run.options(TABLE);
        for (Optional<GivenOption> given = reader.next(); given.isPresent(); given = reader.next()) {
            individual |= given.get().name().equals("individual");
            quiet |= given.get().name().equals("quiet");
        }
        List<String> files = reader.operands();
        if (files.isEmpty()) {
            throw new ProgramException("no input files specified").withHelpHint();
        }
        try (OutputStream out = new BufferedOutputStream(run.standardOutput())) {
            for (String file : files) {
                print(file, out);
            }
        }
        return 0;
    }

    private void print(String file, OutputStream out) throws IOException, ProgramException {
        try {
            WalSummaryFile.read(Path.of(file), (tablespace, database, relation, fork, limit, blocks) -> {
                String start = "TS " + Integer.toUnsignedString(tablespace) + ", DB "
                        + Integer.toUnsignedString(database) + ", REL " + Integer.toUnsignedString(relation)
                        + ", FORK " + BlockReferences.fork(fork) + ": ";
                if (limit != -1) {
                    write(out, start + "limit " + Integer.toUnsignedString(limit));
                }
                if (!quiet) {
                    printBlocks(out, start, blocks);
                }
            });
        } catch (WalSummaryFile.DamagedSummaryException e) {
            out.flush();
            throw new ProgramException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new ProgramException("could not open file \"" + file + "\": " + OperatingSystemMessage.of(e));
        }
    }

    private void printBlocks(OutputStream out, String start, int[] blocks) throws IOException {
        int i = 0;
        while (i < blocks.length) {
            int first = blocks[i++];
            int last = first;
            while (!individual && i < blocks.length && blocks[i] == last + 1) {
                last = blocks[i++];
            }
            String from = Integer.toUnsignedString(first);
            write(
                    out,
                    start
                            + (first == last
                                    ? "block " + from
                                    : "blocks " + from + ".." + Integer.toUnsignedString(last)));
        }
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
