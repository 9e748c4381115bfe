package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the front learns from the worker.
 *
 * @param push how long it waits for a file to be archived
 * @param get how long it tries to fetch a file
 * @param history how long it tries to fetch a history file for a standby
 * @param boot the number of this start of the machine; what was written before is not trusted; may be empty
 */
public record SpoolSettings(Duration push, Duration get, Duration history, String boot) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** With the number of this start of the machine, as far as it tells. */
    public static SpoolSettings of(Duration push, Duration get, Duration history) throws IOException {
        return new SpoolSettings(
                push,
                get,
                history,
                Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : "");
    }

    String text() {
        return "push_seconds " + push.toSeconds() + "\n"
                + "get_seconds " + get.toSeconds() + "\n"
                + "history_seconds " + history.toSeconds() + "\n"
                + "boot " + boot + "\n";
    }
}
