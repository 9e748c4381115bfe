package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pgark.postgres.SystemIdentifier;

/**
 * The worker's word that one file, in exactly this state, is durable in the archive. The front uses it once.
 *
 * @param system the cluster's system identifier
 * @param dataDirectory the real path of the data directory that the file is in
 * @param file the state of the file
 * @param place the repository, and the state of the configuration that names it: the front, which cannot read it, asks the
 *     worker when that has changed
 */
public record Verdict(SystemIdentifier system, String dataDirectory, String file, ArchivePlace place) {
    private static final String FORMAT = "pgark verdict 2";
    private static final String ARCHIVED = "archived";

    /** The verdict on a file that was pushed. */
    public static Verdict on(PushedFile pushed, Path dataDirectory) {
        return new Verdict(
                pushed.system(), dataDirectory.toString(), pushed.identity().toString(), pushed.place());
    }

    /** The verdict that lies in a file; empty if there is none or it cannot be read. */
    public static Optional<Verdict> read(Path verdictFile) throws IOException {
        return SpoolFile.read(verdictFile, FORMAT)
                .filter(lines -> lines.size() == 7
                        && lines.getFirst().equals(ARCHIVED)
                        && lines.get(1).matches("\\d{1,19}|1\\d{19}"))
                .map(lines -> new Verdict(
                        SystemIdentifier.parse(lines.get(1)),
                        lines.get(2),
                        lines.get(3),
                        new ArchivePlace(lines.get(4), lines.get(5), lines.get(6))));
    }

    /** Leaves this verdict in a file, at once. */
    public void write(Path verdictFile) throws IOException {
        SpoolFile.write(
                verdictFile,
                FORMAT,
                List.of(
                        ARCHIVED,
                        system.toString(),
                        dataDirectory,
                        file,
                        place.repository(),
                        place.configuration(),
                        place.state()));
    }
}
