package org.pgark.physical.several;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.wal.ArchiveAccess;
import org.pgark.physical.wal.FileIdentity;
import org.pgark.physical.wal.Verdict;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.control.ControlFile;

/** Whether a verdict that names several repositories holds for those that are configured now. */
final class VerdictCheck {
    private final Archives.Current current;

    VerdictCheck(Archives.Current current) {
        this.current = current;
    }

    /**
     * Whether the file, as it is now, is in as many repositories as are required now.
     *
     * @throws FailedException if that depends on one that cannot be asked
     */
    boolean covers(Verdict verdict, Path dataDirectory, Path file) throws OperationException {
        SystemIdentifier system;
        try {
            system = ControlFile.read(dataDirectory).systemIdentifier();
            if (!verdict.system().equals(system)
                    || !verdict.dataDirectory().equals(dataDirectory.toString())
                    || !verdict.file().equals(FileIdentity.of(file).toString())) {
                return false;
            }
        } catch (IOException e) {
            return false;
        }
        return holds(named(verdict.place().repository()), system);
    }

    private boolean holds(Map<String, String> named, SystemIdentifier system) throws OperationException {
        Set<String> sure = new HashSet<>();
        Set<String> possible = new HashSet<>();
        Optional<OperationException> failure = Optional.empty();
        for (Lane lane : current.lanes()) {
            String id = named.get(lane.name());
            if (id == null) {
                continue;
            }
            try (ArchiveAccess.Use use = lane.access().use(system)) {
                if (use.repositoryId().value().equals(id)) {
                    sure.add(lane.name());
                    possible.add(lane.name());
                }
            } catch (FailedException e) {
                failure = Optional.of(e);
                possible.add(lane.name());
            }
        }
        if (current.requirement().isMet(sure, current.names())) {
            return true;
        }
        if (failure.isPresent() && current.requirement().isMet(possible, current.names())) {
            throw failure.get();
        }
        return false;
    }

    /** Ids by the names of repositories; none if it is the id of a single one. */
    private static Map<String, String> named(String words) {
        Map<String, String> named = new HashMap<>();
        for (String word : words.split(",", -1)) {
            int sign = word.indexOf('=');
            if (sign > 0) {
                named.put(word.substring(0, sign), word.substring(sign + 1));
            }
        }
        return named;
    }
}
