package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.Path;

/** Whether a restored cluster archives its WAL. */
final class Archiving {
    private Archiving() {}

    static boolean isTurnedOff(RestoreRequest request) {
        return switch (request.archiveMode()) {
            case OFF -> true;
            case PRESERVE -> false;
            case BY_DIRECTORY -> isElsewhere(request);
        };
    }

    /** Whether the destination is not where the configuration says that the cluster lives. */
    static boolean isElsewhere(RestoreRequest request) {
        return request.configuredDataDirectory()
                .map(configured -> !isSame(configured, request.to()))
                .orElse(true);
    }

    private static boolean isSame(Path one, Path other) {
        return real(one).equals(real(other));
    }

    /** The place without links, as far as it is there. */
    static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            return absolute.toRealPath();
        } catch (IOException e) {
            Path parent = absolute.getParent();
            return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
        }
    }
}
