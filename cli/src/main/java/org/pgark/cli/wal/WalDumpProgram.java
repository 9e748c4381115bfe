package org.pgark.cli.wal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wal.WalCursor;
import org.pgark.postgres.wal.dump.PageImages;
import org.pgark.postgres.wal.dump.RecordLine;
import org.pgark.postgres.wal.dump.RecordSums;
import org.pgark.postgres.wal.dump.SegmentFolder;
import org.pgark.postgres.wal.dump.WalFileException;

/** pg_waldump: WAL records as lines, as sums, or the images of pages in them. */
public final class WalDumpProgram implements UpstreamProgram {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final long MILLIS_BETWEEN_LOOKS = 1000;

    @Override
    public String name() {
        return "pg_waldump";
    }

    @Override
    public String help() {
        return WalDumpOptions.HELP;
    }

    @Override
    public int run(ProgramRun run) throws Exception {
        WalDumpOptions options = WalDumpOptions.read(run);
        if (options.listsManagers()) {
            run.print(WalDumpOptions.managerList());
            return 0;
        }
        try {
            WalDumpRange range = WalDumpRange.of(options, run.environment());
            prepareFolder(options);
            try (SegmentFolder folder = range.folder(options.follow())) {
                dump(run, options, range, folder);
            }
            return 0;
        } catch (WalFileException e) {
            ProgramException failure = new ProgramException(String.valueOf(e.getMessage()));
            throw e.detail().isEmpty() ? failure : failure.withDetail(e.detail());
        }
    }

    private static void prepareFolder(WalDumpOptions options) throws ProgramException {
        if (options.imageFolder().isPresent()) {
            ImageFolder.prepare(options.imageFolder().get());
        }
    }

    private static void dump(ProgramRun run, WalDumpOptions options, WalDumpRange range, SegmentFolder folder)
            throws IOException, ProgramException {
        WalCursor cursor = new WalCursor(folder, range.segmentSize());
        Lsn first = cursor.find(range.start())
                .orElseThrow(() -> new ProgramException("could not find a valid record after " + range.start()));
        sayWhatIsSkipped(run, range, first);
        RecordSums sums = new RecordSums();
        boolean ended;
        try (OutputStream out = new BufferedOutputStream(run.standardOutput(), BUFFER_BYTES)) {
            ended = show(run, options, range, folder, cursor, sums, out);
            if (options.sums() && !options.quiet()) {
                Optional<String> table = sums.table(first, cursor.major(), options.sumsPerKind());
                out.write(table.orElse("").getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        if (ended && !run.terminated() && !cursor.message().isEmpty()) {
            throw new ProgramException("error in WAL record at " + cursor.position() + ": " + cursor.message());
        }
    }

    private static void sayWhatIsSkipped(ProgramRun run, WalDumpRange range, Lsn first) {
        Lsn start = range.start();
        boolean inside =
                Long.remainderUnsigned(start.value(), range.segmentSize().bytes()) != 0;
        if (!first.equals(start) && inside) {
            long skipped = first.minus(start) & 0xFFFF_FFFFL;
            run.log()
                    .info("first record is after " + start + ", at " + first + ", skipping over " + skipped
                            + (skipped == 1 ? " byte" : " bytes"));
        }
    }

    /** Shows records until there are enough of them or no more; tells whether there were no more. */
    private static boolean show(
            ProgramRun run,
            WalDumpOptions options,
            WalDumpRange range,
            SegmentFolder folder,
            WalCursor cursor,
            RecordSums sums,
            OutputStream out)
            throws IOException {
        Optional<PageImages> images =
                options.imageFolder().map(folderOfImages -> new PageImages(folderOfImages, new ZstdImages()));
        StringBuilder line = new StringBuilder();
        int shown = 0;
        while (!run.terminated()) {
            if (!cursor.next()) {
                if (!options.follow() || folder.isEndReached() || !pause(out)) {
                    return true;
                }
                continue;
            }
            if (!options.filter().accepts(cursor.record())) {
                continue;
            }
            if (options.sums()) {
                sums.add(cursor.record());
            } else if (!options.quiet()) {
                line.setLength(0);
                RecordLine.append(line, cursor.major(), cursor.record(), options.details());
                out.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
            }
            if (images.isPresent()) {
                images.get().save(cursor.major(), range.timeline(), cursor.record());
            }
            shown++;
            if (options.limit() > 0 && shown >= options.limit()) {
                return false;
            }
        }
        return false;
    }

    private static boolean pause(OutputStream out) throws IOException {
        out.flush();
        try {
            Thread.sleep(MILLIS_BETWEEN_LOOKS);
            return true;
        } catch (InterruptedException e) {
            // Told to end: what was shown so far is all.
            return false;
        }
    }
}
