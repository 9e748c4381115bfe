package org.pgark.physical.backup;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pgark.postgres.connection.ServerSession;
import org.pgark.postgres.label.TablespaceMap;
import org.pgark.repository.BackupRecord;

/**
 * The tablespaces that a backup's record names: those whose links are among the files, and those that recovery makes
 * links for.
 *
 * <p>What the server's catalog has at one moment can differ from both, since tablespaces come and go meanwhile.
 */
final class SourceTablespaces {
    private static final String NAMES = "SELECT oid::bigint, spcname FROM pg_catalog.pg_tablespace";

    private SourceTablespaces() {}

    /**
     * In the order of object ids; one that has been dropped has its object id for a name.
     *
     * @param links where the links among the files lead, by object id
     * @param map the content of tablespace_map
     */
    static List<BackupRecord.Tablespace> of(SortedMap<Long, String> links, String map, ServerSession session)
            throws IOException {
        return of(links, map, () -> names(session));
    }

    /** Tells what the server's catalog calls tablespaces, by object id. */
    @FunctionalInterface
    interface Names {
        Map<Long, String> ask() throws IOException;
    }

    /** The same, the catalog's names coming from elsewhere. */
    static List<BackupRecord.Tablespace> of(SortedMap<Long, String> links, String map, Names known) throws IOException {
        SortedMap<Long, String> places = new TreeMap<>(links);
        for (TablespaceMap.Entry entry : TablespaceMap.parse(map).entries()) {
            if (entry.path().startsWith("/")) {
                places.put(Integer.toUnsignedLong(entry.oid()), entry.path());
            }
        }
        Map<Long, String> names = places.isEmpty() ? Map.of() : known.ask();
        return places.entrySet().stream()
                .map(place -> new BackupRecord.Tablespace(
                        place.getKey(),
                        names.getOrDefault(place.getKey(), place.getKey().toString()),
                        place.getValue()))
                .toList();
    }

    static Map<Long, String> names(ServerSession session) throws IOException {
        Map<Long, String> names = new HashMap<>();
        session.queryList(NAMES, row -> Map.entry(row.getLong(1), row.getString(2)))
                .forEach(name -> names.put(name.getKey(), name.getValue()));
        return names;
    }
}
