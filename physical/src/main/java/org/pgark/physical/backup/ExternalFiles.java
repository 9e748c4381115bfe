package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.remote.RemoteFileSystem;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerSession;

/** The configuration files that the server reads from places outside its data directory. */
final class ExternalFiles {
    private static final String INCLUDED = "SELECT DISTINCT sourcefile FROM pg_catalog.pg_file_settings";
    private static final String INCLUDED_SINCE_16 = INCLUDED
            + " UNION SELECT file_name FROM pg_catalog.pg_hba_file_rules"
            + " UNION SELECT file_name FROM pg_catalog.pg_ident_file_mappings";
    private static final Optional<String> INSUFFICIENT_PRIVILEGE = Optional.of("42501");

    private ExternalFiles() {}

    /** Their absolute paths in the bytewise order of their text; files of the data directory are not among them. */
    static List<Path> find(
            ServerSession session, Collection<String> configurationFiles, Path dataDirectory, ProgressListener progress)
            throws IOException {
        SortedMap<String, Path> found = new TreeMap<>(PathOrder.BYTEWISE);
        Path root = dataDirectory.toRealPath();
        for (String file : configurationFiles) {
            addIfOutside(found, root, file, progress);
        }
        for (String file : included(session, progress)) {
            addIfOutside(found, root, file, progress);
        }
        return List.copyOf(found.values());
    }

    /** Of another host's files only those of the data directory can be read by everyone who may take backups. */
    private static boolean isOutOfReach(Path file, ProgressListener progress) {
        if (RemoteFileSystem.has(file)) {
            try {
                Files.readAttributes(file, BasicFileAttributes.class);
            } catch (NoSuchFileException e) {
                return true;
            } catch (IOException e) {
                progress.warning("configuration file \"" + file + "\" is left out: " + e.getMessage());
                return true;
            }
        }
        return false;
    }

    private static List<String> included(ServerSession session, ProgressListener progress) throws ConnectionException {
        String question = session.major().number() >= 16 ? INCLUDED_SINCE_16 : INCLUDED;
        try {
            return session.queryList(
                    question, row -> Optional.ofNullable(row.getString(1)).orElse(""));
        } catch (ConnectionException e) {
            if (!e.sqlState().equals(INSUFFICIENT_PRIVILEGE)) {
                throw e;
            }
            progress.warning("included configuration files outside the data directory are not looked for:"
                    + " the connection's role may not read pg_file_settings");
            return List.of();
        }
    }

    private static void addIfOutside(SortedMap<String, Path> found, Path root, String file, ProgressListener progress)
            throws IOException {
        Path named = root.getFileSystem().getPath(file);
        if (!named.isAbsolute()
                || (!named.startsWith(root) && isOutOfReach(named, progress))
                || !Files.isRegularFile(named)) {
            return;
        }
        Path real = named.toRealPath();
        if (!real.startsWith(root)) {
            Path kept = named.normalize().startsWith(root) ? real : named.normalize();
            found.put(kept.toString(), kept);
        }
    }
}
