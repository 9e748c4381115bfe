package org.pgark.physical.wal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.DamagedFileException;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.TimelineHistory;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.archive.WalSource;

/** A history file of a timeline or of a backup on its way into the archive: a few lines of text. */
final class TextSource implements WalSource {
    private static final long MOST_BYTES = 16 << 20;
    private static final byte[] NO_FACTS = {};

    private final byte[] content;

    private TextSource(byte[] content) {
        this.content = content;
    }

    /** A timeline's history, checked line by line: recovery along a wrong one would go astray. */
    static TextSource history(Timeline timeline, Path file) throws IOException, RefusedException {
        return checked(timeline, read(file));
    }

    /** The same from elsewhere. */
    static TextSource history(Timeline timeline, byte[] content) throws RefusedException {
        return checked(timeline, new TextSource(content.clone()));
    }

    private static TextSource checked(Timeline timeline, TextSource source) throws RefusedException {
        try {
            TimelineHistory.parse(timeline, source.text());
        } catch (DamagedFileException e) {
            throw new RefusedException("wal_file_mismatch", String.valueOf(e.getMessage()), "", e);
        }
        return source;
    }

    /** The history of a backup. */
    static TextSource backupHistory(WalFileName.BackupHistory name, Path file) throws IOException, RefusedException {
        TextSource source = read(file);
        if (!source.text().startsWith("START WAL LOCATION: ")) {
            throw new RefusedException(
                    "wal_file_mismatch",
                    "backup history file \"" + name + "\" does not begin with \"START WAL LOCATION: \"",
                    "");
        }
        return source;
    }

    private static TextSource read(Path file) throws IOException, RefusedException {
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new RefusedException(
                    "wal_file_mismatch", "history file \"" + file + "\" has " + size + " bytes, must be text", "");
        }
        return new TextSource(Files.readAllBytes(file));
    }

    private String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public ReadableByteChannel open() {
        return Channels.newChannel(new ByteArrayInputStream(content));
    }

    @Override
    public byte[] facts() {
        return NO_FACTS;
    }
}
