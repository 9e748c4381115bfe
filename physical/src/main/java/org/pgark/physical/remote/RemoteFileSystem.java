package org.pgark.physical.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.postgres.connection.ConnectionSettings;
import org.pgark.postgres.wire.Row;

/**
 * The files of one server. Relative paths are those of its data directory. Nothing can be written. For several threads.
 */
public final class RemoteFileSystem extends FileSystem {
    private static final String TABLESPACES = "pg_tblspc";
    private static final String STATUS = "s.size, (extract(epoch from s.modification) * 1000000)::bigint, s.isdir";

    private final RemoteProvider provider = new RemoteProvider();
    private final RemoteConnections connections;
    private final String dataDirectory;
    private final int directoryMode;
    private final Map<String, RemoteStatus> listed = new ConcurrentHashMap<>();
    private volatile boolean open = true;

    private RemoteFileSystem(RemoteConnections connections, String dataDirectory, int directoryMode) {
        this.connections = connections;
        this.dataDirectory = dataDirectory;
        this.directoryMode = directoryMode;
    }

    /** The files of the server that these settings lead to. */
    public static RemoteFileSystem open(ConnectionSettings settings) throws IOException {
        RemoteConnections connections = new RemoteConnections(settings);
        boolean kept = false;
        try {
            Row row = connections
                    .rows("SELECT pg_catalog.current_setting('data_directory'),"
                            + " pg_catalog.current_setting('data_directory_mode')")
                    .getFirst();
            RemoteFileSystem made =
                    new RemoteFileSystem(connections, row.string(0), Integer.parseInt(row.string(1), 8));
            kept = true;
            return made;
        } finally {
            if (!kept) {
                connections.close();
            }
        }
    }

    /** Whether a path is of such a file system. */
    public static boolean has(Path path) {
        return path.getFileSystem() instanceof RemoteFileSystem;
    }

    /** The data directory. */
    public Path dataDirectory() {
        return new RemotePath(this, "");
    }

    /** When the server started that all files are of. */
    public Instant serverStart() {
        return connections.started();
    }

    String dataDirectoryText() {
        return dataDirectory;
    }

    /** The name under which the server's functions know a file: relative if it is in the data directory. */
    String serverName(RemotePath path) {
        String text = path.toString();
        if (text.startsWith(dataDirectory + "/")) {
            return text.substring(dataDirectory.length() + 1);
        }
        return text.isEmpty() || text.equals(dataDirectory) ? "." : text;
    }

    /** The names in a directory; what is known of them is asked for along with it, and kept until it is used. */
    List<Path> list(RemotePath directory) throws IOException {
        String name = serverName(directory);
        String prefix = name.equals(".") ? "" : name + "/";
        Map<String, String> links = name.equals(TABLESPACES) ? tablespaces() : Map.of();
        List<Path> found = new ArrayList<>();
        for (Row row : connections.rows("SELECT f, " + STATUS + " FROM pg_catalog.pg_ls_dir("
                + RemoteConnections.literal(name) + ", true, false) f, LATERAL pg_catalog.pg_stat_file("
                + RemoteConnections.literal(prefix) + " || f, true) s WHERE s.size IS NOT NULL")) {
            String file = row.string(0);
            listed.put(prefix + file, links.containsKey(file) ? link() : status(row, 1));
            found.add(directory.resolve(file));
        }
        return found;
    }

    private RemoteStatus status(Row row, int at) throws IOException {
        boolean directory = row.string(at + 2).equals("t");
        long micros = row.number(at + 1);
        Instant modified =
                Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1000L);
        return new RemoteStatus(
                directory ? RemoteStatus.DIRECTORY | directoryMode : RemoteStatus.FILE | (directoryMode & 0666),
                directory ? 0 : row.number(at),
                FileTime.from(modified));
    }

    private static RemoteStatus link() {
        return new RemoteStatus(RemoteStatus.LINK | 0777, 0, FileTime.fromMillis(0));
    }

    /** Where the links of tablespaces lead, by their names; those without a link are not among them. */
    private Map<String, String> tablespaces() throws IOException {
        Map<String, String> links = new HashMap<>();
        for (Row row : connections.rows(
                "SELECT oid, pg_catalog.pg_tablespace_location(oid) FROM" + " pg_catalog.pg_tablespace")) {
            if (row.string(1).startsWith("/")) {
                links.put(row.string(0), row.string(1));
            }
        }
        return links;
    }

    /** Where the link of a tablespace leads; empty if the path is none. */
    Optional<String> linkTarget(RemotePath path) throws IOException {
        String name = serverName(path);
        return name.matches(TABLESPACES + "/[0-9]+")
                ? Optional.ofNullable(tablespaces().get(name.substring(TABLESPACES.length() + 1)))
                : Optional.empty();
    }

    RemoteStatus status(RemotePath path, boolean followed) throws IOException {
        String name = serverName(path);
        Optional<RemoteStatus> known = Optional.ofNullable(listed.remove(name));
        if (known.isPresent() && !(followed && known.get().isSymbolicLink())) {
            return known.get();
        }
        if (!followed && linkTarget(path).isPresent()) {
            return link();
        }
        List<Row> rows = connections.rows("SELECT " + STATUS + " FROM pg_catalog.pg_stat_file("
                + RemoteConnections.literal(name) + ", true) s WHERE s.size IS NOT NULL");
        if (rows.isEmpty()) {
            throw new NoSuchFileException(path.toString());
        }
        return status(rows.getFirst(), 0);
    }

    /** Up to {@code length} bytes of a file; fewer at its end, empty if it is not there any more. */
    Optional<ByteBuffer> read(RemotePath path, long position, int length) throws IOException {
        return connections.bytes(
                "SELECT pg_catalog.pg_read_binary_file(" + RemoteConnections.literal(serverName(path)) + ", " + position
                        + ", " + length + ", true)",
                length);
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() throws IOException {
        open = false;
        connections.close();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(new RemotePath(this, "/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic", "unix");
    }

    @Override
    public Path getPath(String first, String... more) {
        Path path = new RemotePath(this, first);
        for (String part : more) {
            path = path.resolve(part);
        }
        return path;
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
        throw new UnsupportedOperationException("patterns of remote paths");
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("users of remote files");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("changes of remote files");
    }
}
