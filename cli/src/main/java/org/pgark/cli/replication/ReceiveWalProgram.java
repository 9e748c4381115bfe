package org.pgark.cli.replication;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.pgark.cli.upstream.OperatingSystemMessage;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.cli.upstream.ProgramRun;
import org.pgark.cli.upstream.Termination;
import org.pgark.cli.upstream.UpstreamProgram;
import org.pgark.physical.receive.ReceivedSegments;
import org.pgark.physical.receive.ReplicationSession;
import org.pgark.physical.receive.WalDirectory;
import org.pgark.physical.receive.WalPlace;
import org.pgark.physical.receive.WalStream;
import org.pgark.physical.receive.WalStreamListener;
import org.pgark.physical.receive.WalStreamRequest;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.wire.WireConnection;

/** {@code pg_receivewal}. A signal ends it well, once the server knows what was received. */
public final class ReceiveWalProgram implements UpstreamProgram {
    private static final int RECONNECT_SECONDS = 5;

    @Override
    public String name() {
        return "pg_receivewal";
    }

    @Override
    public String help() {
        return ReceiveWalHelp.TEXT;
    }

    @Override
    public int run(ProgramRun run) throws Exception {
        ReceiveWalOptions options = new ReceiveWalOptions(run);
        options.read();
        Receiver receiver = new Receiver(run, options);
        // On a thread of its own, since the signal's interruption of this one would tear the connection.
        FutureTask<Integer> work = new FutureTask<>(receiver::run);
        Thread.ofPlatform().name("pgark-receive").start(work);
        try (Termination.Registration _ = run.onTermination(receiver::stop)) {
            return exitCode(work);
        }
    }

    /** An interruption is the signal's; the receiver has been told to stop, and comes to its end by itself. */
    private static int exitCode(FutureTask<Integer> work) throws Exception {
        boolean waiting = true;
        while (waiting) {
            try {
                work.get();
                waiting = false;
            } catch (InterruptedException e) {
                waiting = true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failure) {
                    throw new ProgramException(OperatingSystemMessage.of(failure));
                }
                throw e.getCause() instanceof Exception failure ? failure : e;
            }
        }
        return work.resultNow();
    }

    /** The work itself. */
    private static final class Receiver implements WalStreamListener {
        private final ProgramRun run;
        private final ReceiveWalOptions options;
        private final CountDownLatch stopping = new CountDownLatch(1);
        private int previousTimeline;
        private Lsn previousPosition = Lsn.ZERO;

        Receiver(ProgramRun run, ReceiveWalOptions options) {
            this.run = run;
            this.options = options;
        }

        void stop() {
            stopping.countDown();
        }

        private boolean isStopping() {
            return stopping.getCount() == 0;
        }

        int run() throws Exception {
            if (!options.dropsSlot() && !options.createsSlot()) {
                checkDirectory(options.directory());
            }
            try (WireConnection connection = options.login().open()) {
                ReplicationSession session = new ReplicationSession(connection);
                Optional<String> database = session.identifySystem().database();
                if (database.isPresent()) {
                    throw new ProgramException("replication connection using slot \""
                            + options.slot().orElse("(null)") + "\" is unexpectedly database specific");
                }
                if (options.dropsSlot()) {
                    String slot = options.slot().orElseThrow();
                    verbose("dropping replication slot \"" + slot + "\"");
                    session.dropSlot(slot);
                    return 0;
                }
                if (options.createsSlot()) {
                    String slot = options.slot().orElseThrow();
                    verbose("creating replication slot \"" + slot + "\"");
                    session.createSlot(slot, false, false, options.existingIsFine());
                    return 0;
                }
                int segmentSize = session.walSegmentSize();
                tryStream(session, segmentSize);
                return loop(segmentSize);
            } catch (UnusableDirectoryException e) {
                throw new ProgramException(String.valueOf(e.getMessage()));
            }
        }

        /** Nothing gets better by connecting again. */
        private static final class UnusableDirectoryException extends Exception {
            private static final long serialVersionUID = 1L;

            UnusableDirectoryException(IOException cause) {
                super(cause.getMessage(), cause);
            }
        }

        private static void checkDirectory(Path directory) throws ProgramException {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                Objects.requireNonNull(entries, "entries is null");
            } catch (IOException e) {
                throw new ProgramException(
                        "could not open directory \"" + directory + "\": " + OperatingSystemMessage.of(e));
            }
        }

        private int loop(int segmentSize) throws ProgramException, UnusableDirectoryException, InterruptedException {
            while (!isStopping()) {
                if (!options.loops()) {
                    throw new ProgramException("disconnected");
                }
                run.log().info("disconnected; waiting " + RECONNECT_SECONDS + " seconds to try again");
                if (!stopping.await(RECONNECT_SECONDS, TimeUnit.SECONDS)) {
                    try (WireConnection connection = options.login().open()) {
                        tryStream(new ReplicationSession(connection), segmentSize);
                    } catch (IOException | ProgramException e) {
                        run.log().error(String.valueOf(e.getMessage()));
                    }
                }
            }
            return 0;
        }

        private void tryStream(ReplicationSession session, int segmentSize) throws UnusableDirectoryException {
            try {
                stream(session, segmentSize, session.groupAccess());
            } catch (IOException e) {
                run.log().error(String.valueOf(e.getMessage()));
            }
        }

        private Optional<ReceivedSegments.Place> place(int segmentSize) throws UnusableDirectoryException {
            try {
                return ReceivedSegments.end(options.directory(), segmentSize, run.log()::warning);
            } catch (IOException e) {
                throw new UnusableDirectoryException(e);
            }
        }

        private void stream(ReplicationSession session, int segmentSize, boolean groupReads)
                throws IOException, UnusableDirectoryException {
            ReplicationSession.SystemIdentity system = session.identifySystem();
            Optional<ReceivedSegments.Place> place = place(segmentSize);
            Lsn start = system.position();
            int timeline = system.timeline();
            if (place.isPresent()) {
                start = place.get().position();
                timeline = place.get().timeline();
            } else if (options.slot().isPresent() && session.usesParentheses()) {
                ReplicationSession.SlotPosition slot =
                        session.readSlot(options.slot().get());
                if (slot.position().isPresent()) {
                    start = slot.position().get();
                    timeline = slot.timeline();
                }
            }
            start = new Lsn(start.value() & -(long) segmentSize);
            verbose("starting log streaming at " + start + " (timeline " + Integer.toUnsignedString(timeline) + ")");
            WalStreamRequest request = new WalStreamRequest(
                    start,
                    timeline,
                    Optional.of(system.identifier()),
                    options.slot(),
                    options.isSynchronous(),
                    options.statusInterval(),
                    segmentSize,
                    false);
            try (WalPlace files = new WalDirectory(
                    options.directory(), segmentSize, ".partial", options.compression(), options.syncs(), groupReads)) {
                new WalStream(session, request, files, this).run();
            }
        }

        @Override
        public boolean reached(Lsn position, int timeline, boolean segmentFinished) {
            String where = position + " (timeline " + Integer.toUnsignedString(timeline) + ")";
            if (segmentFinished) {
                verbose("finished segment at " + where);
            }
            if (options.end().isPresent() && options.end().get().isBefore(position)) {
                verbose("stopped log streaming at " + where);
                stop();
                return true;
            }
            if (previousTimeline != 0 && previousTimeline != timeline) {
                verbose("switched to timeline " + Integer.toUnsignedString(timeline) + " at " + previousPosition);
            }
            previousTimeline = timeline;
            previousPosition = position;
            if (isStopping()) {
                verbose("received interrupt signal, exiting");
                return true;
            }
            return false;
        }

        @Override
        public void info(String line) {
            run.log().info(line);
        }

        private void verbose(String line) {
            if (options.isVerbose()) {
                run.log().info(line);
            }
        }
    }
}
