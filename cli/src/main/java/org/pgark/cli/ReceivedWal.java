package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.pgark.cli.output.Output;
import org.pgark.cli.process.Owner;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.walreceiver.ReceiverDirectory;
import org.pgark.physical.walreceiver.ReceiverListener;
import org.pgark.physical.walreceiver.Uploader;
import org.pgark.repository.ClusterRepository;

/** WAL that was received on this host and is not in the repository yet. */
final class ReceivedWal {
    private ReceivedWal() {}

    /** Brings all of it into the repository, so that a restore can count on it; a failure is told, and no hindrance. */
    static void bringIn(ClusterContext context, Output output) throws RefusedException {
        Optional<Path> directory = context.settings().receive().directory();
        if (directory.isEmpty()) {
            return;
        }
        try {
            ClusterRepository kept = context.newestIncarnation();
            Optional<ReceiverDirectory> received = ReceiverDirectory.seen(directory.get(), kept.incarnation());
            // As another user than the receiver's it would leave objects that the receiver's user cannot handle.
            if (received.isPresent() && Owner.of(directory.get()).equals(Owner.ofThisProcess())) {
                new Uploader(received.get(), kept, new Lines(output)).uploadAll();
            }
        } catch (IOException e) {
            output.warning(
                    "WAL in \"" + directory.get() + "\" that the repository does not have cannot be brought there: "
                            + e.getMessage() + "; the plan does not count on it");
        }
    }

    private record Lines(Output output) implements ReceiverListener {
        @Override
        public void info(String line) {
            output.remark(line);
        }

        @Override
        public void warning(String line) {
            output.warning(line);
        }
    }
}
