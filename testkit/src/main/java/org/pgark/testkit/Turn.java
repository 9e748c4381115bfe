package org.pgark.testkit;

import java.io.IOException;
import java.time.Duration;

/** What befalls one request that a test waits for at {@link FaultProxy}. */
public sealed interface Turn {
    /** The connection is reset at once, but the service hears of the request some time later, and does it. */
    record CutButDone(Duration later) implements Turn {}

    /** The service hears of it at once; what it answers comes some time later. */
    record AnsweredLate(Duration later) implements Turn {}

    /** Something else happens first, while the request is on its way. */
    record Overtaken(Event by, Turn then) implements Turn {}

    /** What a test does in the middle of a request. */
    interface Event {
        void happen() throws IOException;
    }

    /** The service does not hear of it; the answer is this one. */
    record Answered(int status, String body) implements Turn {}
}
