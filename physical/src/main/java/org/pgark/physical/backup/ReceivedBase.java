package org.pgark.physical.backup;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;

/**
 * What the base has of files that come in any order, though those of one directory come together. Remembers the entries
 * of one directory. Not for several threads.
 */
final class ReceivedBase {
    /** Of a larger directory the rest is looked up one by one. */
    private static final int MOST_REMEMBERED = 50_000;

    private final Optional<ManifestReader> manifest;
    private final KnownContent known;
    private final Leftovers leftovers;
    private final Optional<SummarizedTurn> turn;
    private final Map<String, ManifestEntry.File> remembered = new HashMap<>();
    private String directory = "";
    private boolean complete;

    /**
     * @param manifest of the base; empty if there is none
     * @param known reads the extents of its files
     * @param leftovers what an interrupted backup stored
     * @param turn the files that come as a whole to be compared with the base; empty if none do
     */
    ReceivedBase(
            Optional<ManifestReader> manifest, KnownContent known, Leftovers leftovers, Optional<SummarizedTurn> turn) {
        this.manifest = manifest;
        this.known = known;
        this.leftovers = leftovers;
        this.turn = turn;
    }

    /** What is known of a file that is received as a whole. */
    KnownFile of(SourceFile source) {
        try {
            Optional<ManifestEntry.File> before = find(source.path()).filter(known::isReadable);
            return new KnownFile(
                    source,
                    before,
                    turn.flatMap(files ->
                            before.flatMap(file -> files.reading(source.status().size(), file))));
        } catch (IOException e) {
            known.giveUpBase(e);
            return KnownFile.unknown(source);
        }
    }

    /** Goes through what the base has of a file. */
    KnownContent.Stretches stretches(KnownFile file) {
        return known.stretches(file);
    }

    /** What may be the same as a stretch of a file in other places. */
    Earlier elsewhere(SourceFile file, long from, long to) {
        return leftovers.of(file.path(), from, to);
    }

    /**
     * What the base has of a file of which only the changes come.
     *
     * @throws UnusableChangesException if it has no such file, or that cannot be read
     */
    ManifestEntry.File required(String path) throws UnusableChangesException {
        try {
            return find(path)
                    .orElseThrow(() -> new UnusableChangesException(
                            "server sent only the changes of \"" + path + "\", which the backup before does not have"));
        } catch (UnusableChangesException e) {
            throw e;
        } catch (IOException e) {
            throw new UnusableChangesException("what the backup before has of \"" + path + "\" cannot be read", e);
        }
    }

    private Optional<ManifestEntry.File> find(String path) throws IOException {
        if (manifest.isEmpty()) {
            return Optional.empty();
        }
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return single(path);
        }
        if (!path.substring(0, slash).equals(directory)) {
            remember(path.substring(0, slash));
        }
        ManifestEntry.File found = remembered.get(path);
        return found != null ? Optional.of(found) : complete ? Optional.empty() : single(path);
    }

    private Optional<ManifestEntry.File> single(String path) throws IOException {
        return manifest.orElseThrow()
                .find(path)
                .filter(ManifestEntry.File.class::isInstance)
                .map(ManifestEntry.File.class::cast);
    }

    private void remember(String wanted) throws IOException {
        remembered.clear();
        directory = wanted;
        complete = true;
        ManifestReader.Cursor entries = manifest.orElseThrow().entriesUnder(wanted + "/");
        for (Optional<ManifestEntry> entry = entries.next(); entry.isPresent(); entry = entries.next()) {
            if (remembered.size() == MOST_REMEMBERED) {
                complete = false;
                return;
            }
            if (entry.get() instanceof ManifestEntry.File file && file.path().indexOf('/', wanted.length() + 1) < 0) {
                remembered.put(file.path(), file);
            }
        }
    }
}
