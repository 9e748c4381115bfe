package org.pgark.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PushOrderTest {
    private static final String FIRST = "000000010000000000000009";
    private static final String SECOND = "00000001000000000000000A";

    private final PushOrder order = new PushOrder();
    private final PushOrder.Turn first = order.expect(FIRST);
    private final PushOrder.Turn second = order.expect(SECOND);

    private CompletableFuture<Boolean> committing() {
        second.begin();
        CompletableFuture<Boolean> committed = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                second.beforeCommit();
                committed.complete(true);
            } catch (Exception e) {
                committed.completeExceptionally(e);
            }
        });
        return committed;
    }

    private static boolean result(CompletableFuture<Boolean> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aSegmentWaitsUntilNothingIsThereUnderTheNameOfTheOneBefore() throws Exception {
        first.begin();
        CompletableFuture<Boolean> committed = committing();
        assertThat(committed).isNotDone();
        first.nothingThere();
        assertThat(result(committed)).isTrue();
    }

    @Test
    void aSegmentBehindARefusedOneDoesNotAppear() {
        first.begin();
        CompletableFuture<Boolean> committed = committing();
        first.end(PushOrder.Fate.REFUSED);
        assertThatThrownBy(() -> result(committed))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(OutOfTurnException.class)
                .hasRootCauseMessage(
                        "segment \"" + SECOND + "\" comes behind \"" + FIRST + "\", which is not archived");
    }

    @Test
    void aSegmentBehindOneThatMayYetBeRefusedDoesNotAppear() {
        first.begin();
        CompletableFuture<Boolean> committed = committing();
        first.end(PushOrder.Fate.UNKNOWN);
        assertThatThrownBy(() -> result(committed)).hasRootCauseInstanceOf(OutOfTurnException.class);
    }

    @Test
    void whatFailedOnceItCouldNotBeRefusedAnyMoreHoldsNothingUp() throws Exception {
        first.begin();
        first.nothingThere();
        CompletableFuture<Boolean> committed = committing();
        first.end(PushOrder.Fate.UNKNOWN);
        assertThat(result(committed)).isTrue();
    }

    @Test
    void whatIsStoredHoldsNothingUp() throws Exception {
        first.begin();
        CompletableFuture<Boolean> committed = committing();
        first.end(PushOrder.Fate.STORED);
        assertThat(result(committed)).isTrue();
    }

    @Test
    void aSegmentDoesNotBeginBeforeTheOneThatIsExpectedBeforeIt() {
        assertThat(second.begin()).isFalse();
        first.beginAtOnce();
        assertThat(second.begin()).isTrue();
    }

    @Test
    void whatComesBehindOrIsOfAnotherTimelineHoldsNothingUp() throws Exception {
        PushOrder.Turn other = order.expect("000000020000000000000009");
        other.begin();
        other.beforeCommit();
        first.begin();
        first.beforeCommit();
        PushOrder.Turn history = order.expect("00000002.history");
        history.begin();
        history.beforeCommit();
    }
}
