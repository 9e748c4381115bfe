package org.pgark.cli.replication;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.physical.storedbackup.CombinationListener;
import org.pgark.physical.storedbackup.VerificationListener;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.repository.frame.Compression;

/**
 * Takes base backups into a repository, which is what {@code pg_basebackup --target} names besides the server's own targets,
 * and {@code pg_combinebackup --target} instead of a folder.
 */
public interface RepositoryTarget {
    /**
     * What was asked for.
     *
     * @param fastCheckpoint whether the server is to make its checkpoint at once
     * @param kilobytesPerSecond the highest rate, 0 for no limit
     * @param compression of what is stored; empty for what is configured
     * @param label shown with the backup; empty for none
     * @param showsProgress whether it is told how far it is
     * @param verbose whether it is told what happens
     */
    record Wanted(
            boolean fastCheckpoint,
            int kilobytesPerSecond,
            Optional<Compression> compression,
            Optional<String> label,
            boolean showsProgress,
            boolean verbose) {}

    /**
     * Which server it is.
     *
     * @param settings for connections to it
     * @param systemIdentifier of its cluster
     */
    record Server(ConnectionSettings settings, SystemIdentifier systemIdentifier) {}

    /**
     * Which backups on disk make one.
     *
     * @param backups a full backup and the incremental ones on top of it, oldest first
     * @param tablespaces where tablespaces count as being, by where they lie in the last backup
     * @param keepsVisibilityMaps whether visibility maps are put together, although they can be out of date
     * @param dryRun whether nothing is to be stored
     * @param listener is told of it
     * @param findings is told of damage in the backups
     */
    record Combination(
            List<Path> backups,
            Map<Path, Path> tablespaces,
            boolean keepsVisibilityMaps,
            boolean dryRun,
            CombinationListener listener,
            VerificationListener findings) {}

    /** A repository that was found, but not opened. */
    interface Found {
        /** Goes on as the owner of a repository in a local folder if root started the program with these words. */
        void becomeOwner(List<String> words) throws Exception;

        /**
         * Takes the backup.
         *
         * @return the exit code
         */
        int take(ProgramRun run, Wanted wanted, Server server) throws Exception;

        /**
         * Puts backups together to one in the repository.
         *
         * @return the exit code
         */
        int combine(ProgramRun run, Combination combination) throws Exception;
    }

    /**
     * Finds a repository.
     *
     * @param run whose environment says where the configuration is
     * @param target of which {@link #isMeant} says that it is one
     * @throws ProgramException if there is none
     */
    Found find(ProgramRun run, String target) throws ProgramException;

    /** Whether a target is a repository: {@code repository}, {@code repository:NAME}, a URL or a path from the root. */
    static boolean isMeant(String target) {
        return target.equals("repository")
                || target.startsWith("repository:")
                || target.startsWith("/")
                || target.startsWith("file:/")
                || target.contains("://");
    }
}
