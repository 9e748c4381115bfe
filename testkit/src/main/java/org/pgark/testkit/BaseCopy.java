package org.pgark.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.pgark.embedded.Cluster;
import org.pgark.embedded.FileTree;

/** A copy of a running cluster by PostgreSQL's backup functions, independent of what the product does. */
final class BaseCopy {
    private static final int FIRST_WITH_SHORT_NAMES = 15;

    private BaseCopy() {}

    /**
     * Copies the data directory to {@code target} and each tablespace to a folder of its oid in {@code tablespaces}.
     * The WAL is left out: the copy needs a primary or an archive to become consistent.
     */
    static void take(Cluster cluster, Path target, Path tablespaces) throws IOException, SQLException {
        boolean shortNames = cluster.installation().major() >= FIRST_WITH_SHORT_NAMES;
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    shortNames
                            ? "select pg_backup_start('copy', fast => true)"
                            : "select pg_start_backup('copy', true, false)");
            copyWithoutWal(cluster.dataDirectory(), target, tablespaces);
            try (ResultSet label = statement.executeQuery(
                    shortNames
                            ? "select labelfile from pg_backup_stop(wait_for_archive => false)"
                            : "select labelfile from pg_stop_backup(false, false)")) {
                label.next();
                Path file = Files.writeString(target.resolve("backup_label"), label.getString(1));
                cluster.user().own(file);
            }
        }
    }

    private static void copyWithoutWal(Path source, Path target, Path tablespaces) throws IOException {
        FileTree.copy(source, target, relative -> {
            String path = relative.toString();
            boolean wal = path.startsWith("pg_wal/") && !path.equals("pg_wal/archive_status");
            boolean slot = path.startsWith("pg_replslot/");
            return !wal && !slot && !path.equals("postmaster.pid") && !path.equals("postmaster.opts");
        });
        try (DirectoryStream<Path> links = Files.newDirectoryStream(target.resolve("pg_tblspc"))) {
            for (Path link : links) {
                Path copy = tablespaces.resolve(link.getFileName().toString());
                FileTree.copy(Files.readSymbolicLink(link), copy, relative -> true);
                Files.delete(link);
                Files.createSymbolicLink(link, copy);
            }
        }
    }
}
