package org.pgark.physical.backup;

import java.io.IOException;
import org.pgark.physical.failure.FailedException;

/** Carries a reason to stop receiving through code that only knows failures of input and output. */
final class ReceivingException extends IOException {
    private static final long serialVersionUID = 1L;

    ReceivingException(FailedException cause) {
        super(cause);
    }

    ReceivingException(InterruptedException cause) {
        super(cause);
    }

    /** Throws the reason itself. */
    IOException unwrapped() throws FailedException, InterruptedException {
        return switch (getCause()) {
            case FailedException e -> throw e;
            case InterruptedException e -> throw e;
            case null, default -> this;
        };
    }
}
