package org.pgark.physical.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.pgark.embedded.StopMode;
import org.pgark.physical.ArchivingCluster;
import org.pgark.repository.BackupRecord;
import org.pgark.testkit.TestCluster;

/**
 * A cluster of version 15 with a tablespace, pg_wal on another disk, and two backups.
 *
 * @param original the cluster and its archive
 * @param first the older backup
 * @param second the newer backup
 * @param tablespace where its tablespace lies
 * @param walDisk where its pg_wal leads
 * @param instant a time after both backups, before a disaster
 * @param transaction the disaster
 */
record RestoreOriginal(
        ArchivingCluster original,
        BackupRecord first,
        BackupRecord second,
        Path tablespace,
        Path walDisk,
        String instant,
        String transaction)
        implements AutoCloseable {

    /** Gives the same one to all tests, since it takes seconds to make, and closes it after the last. */
    static final class Sharing implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RestoreOriginal.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(RestoreOriginal.class))
                    .computeIfAbsent(RestoreOriginal.class, _ -> made(), RestoreOriginal.class);
        }

        private static RestoreOriginal made() {
            try {
                return RestoreOriginal.make();
            } catch (Exception e) {
                throw new IllegalStateException("cannot make the cluster that is restored", e);
            }
        }
    }

    private static RestoreOriginal make() throws Exception {
        ArchivingCluster original = ArchivingCluster.started(15, options -> options.with("autovacuum", "off"));
        TestCluster cluster = original.cluster();
        Path walDisk = moveWalAway(cluster);
        Path tablespace = cluster.tablespace("other disk");
        cluster.execute("create table item (id bigint primary key, text text)");
        cluster.execute("create table wide tablespace \"other disk\" as"
                + " select n as id, repeat(md5(n::text), 4) as text from generate_series(1, 30000) n");
        cluster.execute("create unlogged table scratch (id bigint)");
        cluster.execute("insert into item select n, 'before the first backup' from generate_series(1, 1000) n");
        BackupRecord first = original.backup();
        cluster.execute("insert into item select n, 'between' from generate_series(1001, 2000) n");
        BackupRecord second = original.backup();
        cluster.execute("insert into item values (2001, 'good')");
        String instant = cluster.query("select clock_timestamp()::text");
        String transaction = cluster.query("with bad as (delete from item where id % 2 = 0 returning 1)"
                + " select pg_current_xact_id()::text from (select count(*) from bad) n");
        cluster.execute("insert into item values (3001, 'later')");
        original.archiveAll();
        return new RestoreOriginal(original, first, second, tablespace, walDisk, instant, transaction);
    }

    /** As if it had been made by {@code initdb --waldir}. */
    private static Path moveWalAway(TestCluster cluster) throws Exception {
        cluster.stop(StopMode.FAST);
        Path wal = cluster.dataDirectory().resolve("pg_wal");
        Path place = Files.move(wal, cluster.home().resolve("wal disk"));
        Files.createSymbolicLink(wal, place);
        cluster.start();
        return place.toRealPath();
    }

    @Override
    public void close() throws IOException, SQLException {
        original.close();
    }
}
