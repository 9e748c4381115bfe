package org.pgark.physical.restore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.manifest.FileAttributes;

/** The WAL that recovery reads, in the place where a server looks that cannot fetch it. */
final class BroughtWal {
    private final RestorePlan plan;
    private final FileAttributes attributes;
    private final Ownership ownership;

    BroughtWal(RestorePlan plan, FileAttributes attributes, Ownership ownership) {
        this.plan = plan;
        this.attributes = attributes;
        this.ownership = ownership;
    }

    void write() throws IOException {
        RepositoryWal wal = new RepositoryWal(plan.source());
        for (WalSegmentName segment : wal.segmentsOf(plan.recovery())) {
            try (InputStream content = wal.open(segment)) {
                put(segment.toString(), content);
            }
        }
        WalArchive archive = plan.source().walArchive();
        for (Timeline timeline : archive.timelines()) {
            WalFileName history = new WalFileName.History(timeline);
            if (archive.contains(history)) {
                try (InputStream content = archive.open(history)) {
                    put(history.toString(), content);
                }
            }
        }
    }

    private void put(String name, InputStream content) throws IOException {
        Path place = plan.destination().dataDirectory().resolve("pg_wal").resolve(name);
        Files.copy(content, place, StandardCopyOption.REPLACE_EXISTING);
        ownership.settle(place, attributes);
    }
}
