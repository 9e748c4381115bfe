package org.pgark.embedded.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three commits: 1 in [100, 200) at second 1, 2 in [200, 300) at second 2, 3 in [250, 350) at second 3; and 4, which the
 * client never heard of again.
 */
final class LedgerJudgeTest {
    private LedgerBook book;

    @BeforeEach
    void threeCommits(@TempDir Path folder) throws Exception {
        book = LedgerBook.create(folder.resolve("ledger"));
        book.write(committed(1, 100, 200));
        book.write(committed(2, 200, 300));
        book.write(committed(3, 250, 350));
        book.write(LedgerEntry.attempt(4, 1004, new WalPosition(400), second(4)));
        book.write("point", new WalPosition(200));
    }

    @AfterEach
    void close() throws Exception {
        book.close();
    }

    @Test
    void byTimeRequiresWhatWasAcknowledgedAndForbidsWhatIsLater() {
        LedgerTarget target = new LedgerTarget.AtTime(second(2), true);

        assertThat(judge(target, 1L, 2L)).hasToString("correct: 2 rows present, 1 required, 2 forbidden, 1 undecided");
        assertThat(judge(target, 1L)).hasToString("correct: 1 rows present, 1 required, 2 forbidden, 1 undecided");
        assertThat(judge(target, 2L).missing()).containsExactly(1L);
        assertThat(judge(target, 1L, 3L).unexpected()).containsExactly(3L);
    }

    @Test
    void byTimeExclusiveForbidsACommitAtThatVeryMicrosecond() {
        LedgerTarget target = new LedgerTarget.AtTime(second(2), false);

        assertThat(judge(target, 1L).correct()).isTrue();
        assertThat(judge(target, 1L, 2L).unexpected()).containsExactly(2L);
    }

    @Test
    void byPositionLeavesOpenOnlyWhatOverlapsIt() {
        LedgerTarget target = new LedgerTarget.AtLsn(new WalPosition(300), false);

        assertThat(judge(target, 1L, 2L)).hasToString("correct: 2 rows present, 2 required, 1 forbidden, 1 undecided");
        assertThat(judge(target, 1L, 2L, 3L).correct()).isTrue();
        assertThat(judge(target, 1L, 2L, 4L).unexpected()).containsExactly(4L);
    }

    @Test
    void byPositionInclusiveAllowsTheOneRecordThatBeginsThere() {
        LedgerTarget target = new LedgerTarget.AtLsn(new WalPosition(200), true);

        assertThat(judge(target, 1L, 2L)).hasToString("correct: 2 rows present, 1 required, 2 forbidden, 1 undecided");
        assertThat(judge(target, 1L, 3L).unexpected()).containsExactly(3L);
    }

    @Test
    void byTransactionTheTargetItselfIsDecided() {
        assertThat(judge(new LedgerTarget.AtTransaction(1002, true), 1L, 2L).correct())
                .isTrue();
        assertThat(judge(new LedgerTarget.AtTransaction(1002, true), 1L).missing())
                .containsExactly(2L);
        assertThat(judge(new LedgerTarget.AtTransaction(1002, false), 1L, 2L).unexpected())
                .containsExactly(2L);
        assertThatThrownBy(() -> judge(new LedgerTarget.AtTransaction(7, true)))
                .hasMessage("transaction 7 is not in the ledger");
    }

    @Test
    void byRestorePointNothingIsOpen() {
        LedgerTarget target = new LedgerTarget.AtRestorePoint("point");

        assertThat(judge(target, 1L)).hasToString("correct: 1 rows present, 1 required, 3 forbidden, 0 undecided");
        assertThatThrownBy(() -> judge(new LedgerTarget.AtRestorePoint("other")))
                .hasMessage("restore point \"other\" is not in the ledger");
    }

    @Test
    void latestRequiresEveryCommitThatWasAcknowledged() {
        assertThat(judge(new LedgerTarget.Latest(), 1L, 2L, 3L, 4L).correct()).isTrue();
        assertThat(judge(new LedgerTarget.Latest(), 1L, 2L, 3L).correct()).isTrue();
        assertThat(judge(new LedgerTarget.Latest(), 1L, 2L).missing()).containsExactly(3L);
    }

    @Test
    void noRowIsSkippedWhereALaterOneIsThere() {
        LedgerTarget anyMoment = new LedgerTarget.NotBefore(new WalPosition(0));

        assertThat(judge(anyMoment).correct()).isTrue();
        assertThat(judge(anyMoment, 1L, 3L).correct()).isTrue();
        assertThat(judge(anyMoment, 2L).missing()).containsExactly(1L);
        assertThat(judge(new LedgerTarget.NotBefore(new WalPosition(300)), 1L).missing())
                .containsExactly(2L);
    }

    @Test
    void aRowThatNobodyWroteIsUnexpected() {
        LedgerVerdict verdict = judge(new LedgerTarget.Latest(), 1L, 2L, 3L, 99L);

        assertThat(verdict)
                .hasToString("wrong: 4 rows present, 3 required, 0 forbidden, 1 undecided; unexpected (1): [99]");
    }

    @Test
    void aBookReadFromItsFileSaysTheSameEvenIfItsLastLineIsCut(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("book");
        try (LedgerBook written = LedgerBook.create(file)) {
            written.write(committed(1, 100, 200));
            written.write(LedgerEntry.attempt(4, 1004, new WalPosition(400), second(4)));
            written.write("a point", new WalPosition(500));
            written.write(new WalPosition(600));
        }
        Files.writeString(file, "entry 5 10", StandardOpenOption.APPEND);

        try (LedgerBook read = LedgerBook.read(file)) {
            assertThat(read.entries())
                    .containsExactly(
                            committed(1, 100, 200), LedgerEntry.attempt(4, 1004, new WalPosition(400), second(4)));
            assertThat(read.commits()).isEqualTo(1);
            assertThat(read.restorePoint("a point")).contains(new WalPosition(500));
            assertThat(read.marks()).containsExactly(new WalPosition(600));
        }
    }

    private LedgerVerdict judge(LedgerTarget target, Long... present) {
        return new LedgerJudge(book).judge(target, Set.of(present), List.of());
    }

    private static LedgerEntry committed(long id, long notBefore, long notAfter) {
        return LedgerEntry.attempt(id, 1000 + id, new WalPosition(notBefore), second(id))
                .asCommitted(
                        new WalPosition(notAfter),
                        second(id),
                        second(id),
                        second(id).plusMillis(1));
    }

    private static Instant second(long seconds) {
        return Instant.ofEpochSecond(1_000_000 + seconds);
    }
}
