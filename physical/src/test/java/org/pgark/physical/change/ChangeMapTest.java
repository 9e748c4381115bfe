package org.pgark.physical.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.datadir.Fork;
import org.pgark.postgres.datadir.RelationPath;

class ChangeMapTest {
    private static final int SPACE = RelationPath.DEFAULT_TABLESPACE;
    private static final int DATABASE = 5;
    private static final int SEGMENT_BLOCKS = 8;

    private final ChangeMap changes = new ChangeMap();

    private FileChanges of(String path) {
        return changes.of(RelationPath.parse(path).orElseThrow(), SEGMENT_BLOCKS);
    }

    private BitSet pages(String path) {
        return ((FileChanges.Pages) of(path)).pages();
    }

    private static BitSet bits(int... numbers) {
        BitSet bits = new BitSet();
        for (int number : numbers) {
            bits.set(number);
        }
        return bits;
    }

    private void add(int block) {
        changes.addBlock(SPACE, DATABASE, 16384, Fork.MAIN, block);
    }

    @Test
    void whatIsNotInItDidNotChange() {
        assertThat(pages("base/5/16384")).isEqualTo(bits());
    }

    @Test
    void countsBlocksOfTheRelationButPagesOfTheFile() {
        add(0);
        add(7);
        add(8);
        add(17);

        assertThat(pages("base/5/16384")).isEqualTo(bits(0, 7));
        assertThat(pages("base/5/16384.1")).isEqualTo(bits(0));
        assertThat(pages("base/5/16384.2")).isEqualTo(bits(1));
        assertThat(pages("base/5/16384.3")).isEqualTo(bits());
    }

    @Test
    void blockNumbersAreUnsigned() {
        int large = 1 << 20;
        add(0x8000_0001);
        add(-2);

        assertThat(changes.of(RelationPath.parse("base/5/16384.2048").orElseThrow(), large))
                .isEqualTo(new FileChanges.Pages(bits(1)));
        assertThat(changes.of(RelationPath.parse("base/5/16384.4095").orElseThrow(), large))
                .isEqualTo(new FileChanges.Pages(bits(large - 2)));
        assertThat(changes.of(RelationPath.parse("base/5/16384").orElseThrow(), large))
                .isEqualTo(new FileChanges.Pages(bits()));
    }

    @Test
    void keepsRelationsForksDatabasesAndTablespacesApart() {
        add(3);

        assertThat(pages("base/5/16385")).isEqualTo(bits());
        assertThat(pages("base/5/16384_init")).isEqualTo(bits());
        assertThat(pages("base/6/16384")).isEqualTo(bits());
        assertThat(pages("global/16384")).isEqualTo(bits());
        assertThat(pages("pg_tblspc/16400/PG_15_202209061/5/16384")).isEqualTo(bits());
        changes.addBlock(16400, DATABASE, 16384, Fork.INIT, 1);
        assertThat(pages("pg_tblspc/16400/PG_15_202209061/5/16384_init")).isEqualTo(bits(1));
        changes.addBlock(RelationPath.GLOBAL_TABLESPACE, 0, 1262, Fork.MAIN, 2);
        assertThat(pages("global/1262")).isEqualTo(bits(2));
    }

    @Test
    void nothingIsKnownOfFilesFromTheLimitOn() {
        add(1);
        changes.addLimit(SPACE, DATABASE, 16384, Fork.MAIN, 10);

        assertThat(pages("base/5/16384")).isEqualTo(bits(1));
        assertThat(pages("base/5/16384.1")).isEqualTo(bits(2, 3, 4, 5, 6, 7));
        assertThat(of("base/5/16384.2")).isEqualTo(new FileChanges.Everything());
    }

    @Test
    void aLimitAtAFilesBeginningIsAllOfIt() {
        changes.addLimit(SPACE, DATABASE, 16384, Fork.MAIN, 8);

        assertThat(pages("base/5/16384")).isEqualTo(bits());
        assertThat(of("base/5/16384.1")).isEqualTo(new FileChanges.Everything());
    }

    @Test
    void theLowestLimitCounts() {
        changes.addLimit(SPACE, DATABASE, 16384, Fork.MAIN, 3);
        changes.addLimit(SPACE, DATABASE, 16384, Fork.MAIN, 6);

        assertThat(pages("base/5/16384")).isEqualTo(bits(3, 4, 5, 6, 7));
        changes.addLimit(SPACE, DATABASE, 16384, Fork.MAIN, 0);
        assertThat(of("base/5/16384")).isEqualTo(new FileChanges.Everything());
    }

    @Test
    void neverKnowsFreeSpaceAndVisibilityMaps() {
        assertThat(of("base/5/16384_fsm")).isEqualTo(new FileChanges.Everything());
        assertThat(of("base/5/16384_vm")).isEqualTo(new FileChanges.Everything());
        assertThat(of("base/5/16384_vm.1")).isEqualTo(new FileChanges.Everything());
    }

    @Test
    void aDatabaseThatCameOrWentIsChangedInItsTablespace() {
        changes.addDatabase(SPACE, DATABASE);

        assertThat(of("base/5/16384")).isEqualTo(new FileChanges.Everything());
        assertThat(of("base/5/16999_init")).isEqualTo(new FileChanges.Everything());
        assertThat(pages("base/6/16384")).isEqualTo(bits());
        assertThat(pages("pg_tblspc/16400/PG_15_202209061/5/16384")).isEqualTo(bits());
    }

    @Test
    void knowsNothingAnyMoreWhenThereAreTooManyRelations() {
        for (int relation = 1; relation <= 400_001; relation++) {
            changes.addBlock(SPACE, DATABASE, relation, Fork.MAIN, 0);
        }
        changes.addLimit(SPACE, DATABASE, 7, Fork.MAIN, 0);

        assertThat(of("base/5/900000")).isEqualTo(new FileChanges.Everything());
        assertThat(of("base/77/1")).isEqualTo(new FileChanges.Everything());
    }
}
