package org.pgark.repository;

import java.nio.file.Path;
import org.pgark.repository.log.LogMemory;
import org.pgark.repository.log.LogMemoryFile;

/** Gives each log of a repository the place where a client remembers its end. */
@FunctionalInterface
public interface LogMemories {
    /** Remembers nothing. */
    LogMemories NONE = (_, _) -> LogMemory.NONE;

    /**
     * The memory of one log.
     *
     * @param log {@code repository} for the log of the repository, else the id of an incarnation
     */
    LogMemory of(RepositoryId repository, String log);

    /** A file for each log: {@code <folder>/<repository id>/<log>}. */
    static LogMemories in(Path folder) {
        return (repository, log) ->
                new LogMemoryFile(folder.resolve(repository.value()).resolve(log));
    }
}
