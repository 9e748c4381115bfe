package org.pgark.physical.walreceiver;

import java.io.IOException;
import java.util.Optional;
import org.pgark.physical.receive.ReplicationRefusal;

/** Says why a connection did not last: at once, and while the reason stays the same every minute. */
final class Complaints {
    private static final long NANOS_BETWEEN = 60_000_000_000L;

    private final ReceiverListener listener;
    private String last = "";
    private long said;

    Complaints(ReceiverListener listener) {
        this.listener = listener;
    }

    void add(IOException failure, boolean stopping) {
        String message = ReplicationRefusal.oneLine(
                Optional.ofNullable(failure.getMessage()).orElseGet(failure::toString));
        long now = System.nanoTime();
        if (message.equals(last) && now - said < NANOS_BETWEEN && !stopping) {
            return;
        }
        last = message;
        said = now;
        String hint = ReplicationRefusal.of(failure)
                .map(refusal -> refusal.hint().isEmpty() ? "" : " (" + refusal.hint() + ")")
                .orElse("");
        listener.warning(message + hint + (stopping ? "" : "; trying again"));
    }

    /** What comes next is news again. */
    void forget() {
        last = "";
    }
}
