package org.pgark.postgres.datadir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelationPathTest {
    @Test
    void readsPathsOfAllPlaces() {
        assertThat(RelationPath.parse("base/5/1249_fsm.1"))
                .contains(new RelationPath(1663, 5, new RelationFileName(1249, Fork.FREE_SPACE_MAP, 1)));
        assertThat(RelationPath.parse("global/1262"))
                .contains(new RelationPath(1664, 0, new RelationFileName(1262, Fork.MAIN, 0)));
        assertThat(RelationPath.parse("pg_tblspc/16400/PG_15_202209061/5/16401_vm"))
                .contains(new RelationPath(16400, 5, new RelationFileName(16401, Fork.VISIBILITY_MAP, 0)));
        assertThat(RelationPath.parse("base/4294967295/4294967295_init"))
                .contains(new RelationPath(1663, -1, new RelationFileName(-1, Fork.INIT, 0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1262",
                "global/pg_control",
                "global/pg_filenode.map",
                "base/5/PG_VERSION",
                "base/5/t3_16384",
                "base/5/016384",
                "base/5/0",
                "base/5/4294967296",
                "base/5/16384.0",
                "base/5/16384.",
                "base/5/16384_foo",
                "base/5/16384_",
                "base/5/16384.1_fsm",
                "base/x/16384",
                "base/5/6/16384",
                "pg_tblspc/16400/16401",
                "pg_tblspc/16400/PG_15/5/16401",
                "pg_xact/0000",
                "log/16384"
            })
    void takesNothingElseForARelation(String path) {
        assertThat(RelationPath.parse(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"16384", "16384.12", "16384_fsm", "4294967295_vm.3", "7_init"})
    void writesNamesAsItReadThem(String name) {
        assertThat(RelationFileName.parse(name).map(RelationFileName::toString)).contains(name);
    }

    @Test
    void tellsTemporaryRelations() {
        assertThat(RelationFileName.isTemporary("t3_16450")).isTrue();
        assertThat(RelationFileName.isTemporary("t3_16450_fsm.1")).isTrue();
        assertThat(RelationFileName.isTemporary("t_16450")).isFalse();
        assertThat(RelationFileName.isTemporary("t3_16450_xyz")).isFalse();
        assertThat(RelationFileName.isTemporary("16450")).isFalse();
    }
}
