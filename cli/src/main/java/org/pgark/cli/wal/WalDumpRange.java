package org.pgark.cli.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.postgres.wal.dump.SegmentFolder;

/**
 * Which WAL pg_waldump looks at, worked out from the options and the segments that are named.
 *
 * @param directory the folder of the segment files
 * @param end where to stop; empty to go on as far as there is WAL
 */
record WalDumpRange(Path directory, Timeline timeline, WalSegmentSize segmentSize, Lsn start, Optional<Lsn> end) {
    private static final String WAL_FOLDER = "pg_wal";

    static WalDumpRange of(WalDumpOptions options, Map<String, String> environment)
            throws IOException, ProgramException {
        if (options.path().isPresent() && !Files.isDirectory(options.path().get())) {
            throw cannotOpen(options.path().get()).withHelpHint();
        }
        if (options.segments().isEmpty()) {
            Located located = locate(options.path(), Optional.empty(), environment);
            Lsn start = options.start()
                    .orElseThrow(() -> new ProgramException("no start WAL location given").withHelpHint());
            return new WalDumpRange(located.directory, options.timeline(), located.segmentSize, start, options.end());
        }
        return ofSegments(options, environment);
    }

    SegmentFolder folder(boolean waitsForFiles) {
        return new SegmentFolder(directory, timeline, segmentSize, end, waitsForFiles);
    }

    private static ProgramException cannotOpen(Path folder) {
        String reason = Files.exists(folder) ? "Not a directory" : "No such file or directory";
        return new ProgramException("could not open directory \"" + folder + "\": " + reason);
    }

    private static WalDumpRange ofSegments(WalDumpOptions options, Map<String, String> environment)
            throws IOException, ProgramException {
        String firstWord = options.segments().getFirst();
        String fileName = fileName(firstWord);
        Optional<Path> path = options.path();
        if (path.isEmpty() && firstWord.contains("/")) {
            path = Optional.of(Path.of(firstWord.substring(0, firstWord.lastIndexOf('/') + 1)));
            if (!Files.isDirectory(path.get())) {
                throw cannotOpen(Path.of(firstWord.substring(0, firstWord.lastIndexOf('/'))));
            }
        }
        Located located = locate(path, Optional.of(fileName), environment);
        WalSegmentSize size = located.segmentSize;
        WalSegmentName first = segment(located.directory, fileName);
        Lsn start = options.start().orElse(first.start(size));
        if (!isInside(start, first, size)) {
            throw new ProgramException("start WAL location " + start + " is not inside file \"" + fileName + "\"")
                    .withHelpHint();
        }
        WalSegmentName last = first;
        if (options.segments().size() > 1) {
            last = segment(located.directory, fileName(options.segments().get(1)));
            if (Long.compareUnsigned(last.number(size), first.number(size)) < 0) {
                throw new ProgramException("ENDSEG " + options.segments().get(1) + " is before STARTSEG " + firstWord);
            }
        }
        Lsn end = options.end().orElse(last.end(size));
        if (!isInside(end, last, size) && !end.equals(last.end(size))) {
            throw new ProgramException("end WAL location " + end + " is not inside file \""
                            + options.segments().getLast() + "\"")
                    .withHelpHint();
        }
        return new WalDumpRange(located.directory, last.timeline(), size, start, Optional.of(end));
    }

    private static boolean isInside(Lsn position, WalSegmentName segment, WalSegmentSize size) {
        return !position.isBefore(segment.start(size)) && position.isBefore(segment.end(size));
    }

    private static String fileName(String word) {
        return word.substring(word.lastIndexOf('/') + 1);
    }

    private static WalSegmentName segment(Path folder, String fileName) throws ProgramException {
        if (!Files.exists(folder.resolve(fileName)) || !WalSegmentName.isName(leading(fileName))) {
            throw new ProgramException("could not open file \"" + fileName + "\"");
        }
        return WalSegmentName.parse(leading(fileName));
    }

    /** A segment's name may have something behind it, such as {@code .partial}. */
    private static String leading(String fileName) {
        return fileName.substring(0, Math.min(24, fileName.length()));
    }

    private record Located(Path directory, WalSegmentSize segmentSize) {}

    private static Located locate(Optional<Path> path, Optional<String> fileName, Map<String, String> environment)
            throws IOException, ProgramException {
        for (Path candidate : candidates(path, environment)) {
            Optional<WalSegmentSize> size = SegmentFolder.segmentSize(candidate, fileName);
            if (size.isPresent()) {
                return new Located(candidate, size.get());
            }
        }
        throw new ProgramException(
                fileName.isPresent()
                        ? "could not locate WAL file \"" + fileName.get() + "\""
                        : "could not find any WAL file");
    }

    private static List<Path> candidates(Optional<Path> path, Map<String, String> environment) {
        if (path.isPresent()) {
            return List.of(path.get(), path.get().resolve(WAL_FOLDER));
        }
        Path here = Path.of(".");
        String dataDirectory = environment.getOrDefault("PGDATA", "");
        return dataDirectory.isEmpty()
                ? List.of(here, Path.of(WAL_FOLDER))
                : List.of(here, Path.of(WAL_FOLDER), Path.of(dataDirectory, WAL_FOLDER));
    }
}
