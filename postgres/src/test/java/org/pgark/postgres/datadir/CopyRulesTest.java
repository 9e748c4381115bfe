package org.pgark.postgres.datadir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgark.postgres.datadir.CopyRule.COPY;
import static org.pgark.postgres.datadir.CopyRule.EMPTY_DIRECTORY;
import static org.pgark.postgres.datadir.CopyRule.SKIP;
import static org.pgark.postgres.datadir.FileType.DIRECTORY;
import static org.pgark.postgres.datadir.FileType.OTHER;
import static org.pgark.postgres.datadir.FileType.REGULAR;
import static org.pgark.postgres.datadir.FileType.SYMBOLIC_LINK;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyRulesTest {
    private static CopyRule rule(String path, FileType type) {
        return CopyRules.of(path, type, relation -> false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PG_VERSION",
                "postgresql.conf",
                "postgresql.auto.conf",
                "pg_hba.conf",
                "current_logfiles",
                "logfile",
                "log/postgresql-1.log",
                "global/pg_control",
                "global/pg_filenode.map",
                "global/1262",
                "base/5/1249",
                "base/5/1249_fsm",
                "base/5/16384.1",
                "base/5/16384_init",
                "pg_xact/0000",
                "pg_multixact/offsets/0000",
                "pg_logical/replorigin_checkpoint",
                "pg_stat/pgstat.stat",
                "pg_twophase/00000300",
                "pg_tblspc/16400/PG_15_202209061/5/16401",
                "backup_label.old",
                "standby.signal",
                "t3_16384",
                "somebody/elses/file"
            })
    void copiesFiles(String path) {
        assertThat(rule(path, REGULAR)).isEqualTo(COPY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base",
                "base/5",
                "global",
                "pg_xact",
                "pg_tblspc",
                "pg_tblspc/16400",
                "log",
                "pg_logical/snapshots"
            })
    void copiesDirectories(String path) {
        assertThat(rule(path, DIRECTORY)).isEqualTo(COPY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pg_stat_tmp",
                "pg_replslot",
                "pg_dynshmem",
                "pg_notify",
                "pg_serial",
                "pg_snapshots",
                "pg_subtrans",
                "pg_wal",
                "pg_wal/archive_status",
                "pg_wal/summaries"
            })
    void keepsDirectoriesButNotTheirContent(String path) {
        assertThat(rule(path, DIRECTORY)).isEqualTo(EMPTY_DIRECTORY);
        assertThat(rule(path, SYMBOLIC_LINK)).isEqualTo(EMPTY_DIRECTORY);
        assertThat(rule(path + "/0000", REGULAR)).isEqualTo(SKIP);
        assertThat(rule(path + "/folder", DIRECTORY)).isEqualTo(SKIP);
        assertThat(rule(path + "/folder/state", REGULAR)).isEqualTo(SKIP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql.auto.conf.tmp",
                "current_logfiles.tmp",
                "global/pg_internal.init",
                "base/5/pg_internal.init",
                "base/5/pg_internal.init.12345",
                "backup_label",
                "tablespace_map",
                "backup_manifest",
                "postmaster.pid",
                "postmaster.opts",
                "base/pgsql_tmp/pgsql_tmp1234.0",
                "base/5/pgsql_tmp1234.0",
                "base/5/t3_16450",
                "base/5/t3_16450_fsm",
                "base/5/t3_16450_vm.1",
                "base/5/t3_16450.2",
                "pg_tblspc/16400/PG_15_202209061/5/t3_16450",
                "pg_tblspc/16400/PG_15_202209061/pgsql_tmp/pgsql_tmp1.2",
                ".DS_Store",
                "base/5/.DS_Store"
            })
    void leavesOutFilesThatAServerMakesAnew(String path) {
        assertThat(rule(path, REGULAR)).isEqualTo(SKIP);
    }

    @Test
    void leavesOutFoldersOfTemporaryFiles() {
        assertThat(rule("base/pgsql_tmp", DIRECTORY)).isEqualTo(SKIP);
        assertThat(rule("base/pgsql_tmp/pgsql_tmp5.sharedfileset", DIRECTORY)).isEqualTo(SKIP);
    }

    @Test
    void leavesOutUnloggedRelationsButTheirInitForks() {
        var unlogged = CopyRules.unloggedAmong(
                List.of("16384", "16384_init", "16384_fsm", "16384.1", "16390", "t3_16500", "PG_VERSION"));
        assertThat(CopyRules.of("base/5/16384", REGULAR, unlogged)).isEqualTo(SKIP);
        assertThat(CopyRules.of("base/5/16384.1", REGULAR, unlogged)).isEqualTo(SKIP);
        assertThat(CopyRules.of("base/5/16384_fsm", REGULAR, unlogged)).isEqualTo(SKIP);
        assertThat(CopyRules.of("base/5/16384_vm", REGULAR, unlogged)).isEqualTo(SKIP);
        assertThat(CopyRules.of("base/5/16384_init", REGULAR, unlogged)).isEqualTo(COPY);
        assertThat(CopyRules.of("base/5/16390", REGULAR, unlogged)).isEqualTo(COPY);
        assertThat(CopyRules.of("base/5/PG_VERSION", REGULAR, unlogged)).isEqualTo(COPY);
        assertThat(CopyRules.of("pg_tblspc/16400/PG_15_202209061/5/16384", REGULAR, unlogged))
                .isEqualTo(SKIP);
        assertThat(CopyRules.of("elsewhere/16384", REGULAR, unlogged)).isEqualTo(COPY);
    }

    @Test
    void copiesLinksOfTablespacesOnly() {
        assertThat(rule("pg_tblspc/16400", SYMBOLIC_LINK)).isEqualTo(COPY);
        assertThat(rule("base/5/16384", SYMBOLIC_LINK)).isEqualTo(SKIP);
        assertThat(rule("postgresql.conf", SYMBOLIC_LINK)).isEqualTo(SKIP);
    }

    @Test
    void leavesOutSocketsAndDevices() {
        assertThat(rule(".s.PGSQL.5432", OTHER)).isEqualTo(SKIP);
        assertThat(rule("pg_wal", OTHER)).isEqualTo(SKIP);
    }
}
