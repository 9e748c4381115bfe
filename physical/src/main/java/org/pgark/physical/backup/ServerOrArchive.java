package org.pgark.physical.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pgark.physical.change.WalChangeReader;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.ArchivedNotes;
import org.pgark.repository.archive.WalArchive;

/**
 * The WAL of a server: its own file of a segment if it still has it, since the archive may hold another history's of the same
 * name, else what is archived.
 */
final class ServerOrArchive implements WalChangeReader.Segments {
    private final WalArchive archive;
    private final Path pgWal;

    ServerOrArchive(WalArchive archive, Path pgWal) {
        this.archive = archive;
        this.pgWal = pgWal;
    }

    @Override
    public Optional<InputStream> open(WalSegmentName segment) throws IOException {
        try {
            return Optional.of(Files.newInputStream(pgWal.resolve(segment.toString())));
        } catch (NoSuchFileException e) {
            // The server removed it, or gave it another name, because it is archived.
        }
        return archive.contains(segment)
                ? Optional.of(archive.open(new WalFileName.Segment(segment)))
                : Optional.empty();
    }

    @Override
    public int archivedOnly(List<WalSegmentName> following) {
        int count = 0;
        while (count < following.size()
                && Files.notExists(pgWal.resolve(following.get(count).toString()))) {
            count++;
        }
        return count;
    }

    @Override
    public List<Optional<ArchivedNotes>> notes(List<WalSegmentName> archived) throws IOException {
        return archive.notes(archived.stream().map(WalFileName.Segment::new).toList());
    }
}
