package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.pgark.physical.failure.BusyException;
import org.pgark.repository.manifest.FileAttributes;

/**
 * Keeps a half-restored directory from being started: no server starts without pg_control, so it is removed, durably,
 * before anything else changes, and put back as the last step.
 */
final class ControlFileGuard implements AutoCloseable {
    private final Path folder;
    private final Path place;
    private final RestoreMarker marker;

    private ControlFileGuard(Path dataDirectory, RestoreMarker marker) {
        this.folder = dataDirectory.resolve("global");
        this.place = dataDirectory.resolve(LeftOut.CONTROL_FILE);
        this.marker = marker;
    }

    /**
     * Removes pg_control if it is there, and marks the directory as unfinished.
     *
     * @throws BusyException if another restore is at the directory
     */
    static ControlFileGuard lock(Path dataDirectory, String markerText) throws IOException, BusyException {
        ControlFileGuard guard = new ControlFileGuard(dataDirectory, RestoreMarker.put(dataDirectory, markerText));
        try {
            if (Files.deleteIfExists(guard.place)) {
                AtomicFile.sync(guard.folder);
            }
            return guard;
        } catch (IOException e) {
            guard.close();
            throw e;
        }
    }

    /** Puts pg_control there and takes the mark away; to be called when all else is durable. */
    void unlock(byte[] controlFile, FileAttributes attributes, Ownership ownership) throws IOException {
        Path written = AtomicFile.write(place, controlFile);
        ownership.settle(written, attributes);
        marker.remove();
        Files.move(written, place, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.sync(folder);
    }

    /** Ends the hold on the directory, whatever state it is in. */
    @Override
    public void close() throws IOException {
        marker.close();
    }
}
