package org.pgark.testkit;

import java.time.Duration;

/** What befalls one request that a test waits for at {@link FaultProxy}. */
public sealed interface Turn {
    /** The connection is reset at once, but the service hears of the request some time later, and does it. */
    record CutButDone(Duration later) implements Turn {}

    /** The service hears of it at once; what it answers comes some time later. */
    record AnsweredLate(Duration later) implements Turn {}

    /** The service does not hear of it; the answer is this one. */
    record Answered(int status, String body) implements Turn {}
}
