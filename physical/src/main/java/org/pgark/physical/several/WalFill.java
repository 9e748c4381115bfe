package org.pgark.physical.several;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.archive.ArchivedContent;
import org.pgark.repository.archive.ArchivedNotes;
import org.pgark.repository.archive.DifferentContentException;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.archive.WalDigest;
import org.pgark.repository.archive.WalSource;
import org.pgark.repository.frame.DamagedObjectException;

/** Brings WAL that one repository lacks there from others. May be killed at any time, and run beside everything. */
public final class WalFill {
    private final ClusterRepository target;
    private final int parallel;
    private final Consumer<String> warnings;
    private final Map<Compared, Optional<WalFileName>> conflicts = new HashMap<>();

    /**
     * Fills one repository.
     *
     * @param parallel how many files are under way at once
     * @param warnings is told in a line each what could not be brought, from several threads
     */
    public WalFill(ClusterRepository target, int parallel, Consumer<String> warnings) {
        this.target = target;
        this.parallel = parallel;
        this.warnings = warnings;
    }

    /**
     * What became of it.
     *
     * @param brought how many files are there now
     * @param left how many are not, since nobody has them sound or what is there differs
     */
    public record Outcome(long brought, long left) {}

    /** Brings everything that can be brought. */
    public Outcome run(Backlog backlog) throws IOException, InterruptedException {
        if (backlog.isEmpty()) {
            return new Outcome(0, 0);
        }
        ExecutorService threads = Executors.newFixedThreadPool(
                parallel, Thread.ofPlatform().daemon().name("fill-", 0).factory());
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (Backlog.Missing missing : backlog.missing()) {
                List<ClusterRepository> sources = ofTheSameHistory(missing);
                results.add(threads.submit(() -> bring(missing.name(), sources)));
            }
            long brought = 0;
            for (Future<Boolean> result : results) {
                brought += result.get() ? 1 : 0;
            }
            return new Outcome(brought, results.size() - brought);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("WAL could not be brought", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private record Compared(ClusterRepository source, Timeline timeline) {}

    /** What comes behind segments of another history is not brought. */
    private List<ClusterRepository> ofTheSameHistory(Backlog.Missing missing) throws IOException {
        if (!(missing.name() instanceof WalFileName.Segment(WalSegmentName segment))) {
            return missing.sources();
        }
        List<ClusterRepository> sources = new ArrayList<>();
        for (ClusterRepository source : missing.sources()) {
            Compared pair = new Compared(source, segment.timeline());
            if (!conflicts.containsKey(pair)) {
                Optional<WalFileName> conflict =
                        CommonHistory.conflict(target.walArchive(), source.walArchive(), segment.timeline());
                conflicts.put(pair, conflict);
                conflict.ifPresent(name -> warnings.accept("repository " + target.description()
                        + " has other content under the name " + name + " than " + source.description()
                        + ": nothing is brought that comes behind it"));
            }
            if (conflicts.getOrDefault(pair, Optional.empty()).isEmpty()) {
                sources.add(source);
            }
        }
        return sources;
    }

    private boolean bring(WalFileName name, List<ClusterRepository> sources) throws IOException {
        for (ClusterRepository source : sources) {
            try {
                copy(name, source.walArchive(), target.walArchive());
                return true;
            } catch (DifferentContentException e) {
                warnings.accept("repository " + target.description() + " has other content than " + source.description()
                        + ": " + e.getMessage());
                return false;
            } catch (UnsoundException e) {
                warnings.accept("WAL file \"" + name + "\" cannot be taken from " + source.description() + ": "
                        + e.getMessage());
            }
        }
        return false;
    }

    /** The source is at fault, and another one may do better. */
    private static final class UnsoundException extends IOException {
        private static final long serialVersionUID = 1;

        UnsoundException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static void copy(WalFileName name, WalArchive from, WalArchive to) throws IOException {
        ArchivedContent content;
        ArchivedNotes notes;
        try {
            content = from.content(name).orElseThrow(() -> new UnsoundException("it is gone", new IOException()));
            notes = notes(name, from);
        } catch (UnsoundException e) {
            throw e;
        } catch (IOException e) {
            throw new UnsoundException(String.valueOf(e.getMessage()), e);
        }
        to.put(name, new Archived(name, from, content, notes));
    }

    /** What the records change can be done without. */
    private static ArchivedNotes notes(WalFileName name, WalArchive from) throws IOException {
        try {
            return from.notes(name).orElseThrow(() -> new UnsoundException("it is gone", new IOException()));
        } catch (DamagedObjectException e) {
            return new ArchivedNotes(
                    from.facts(name).orElseThrow(() -> new UnsoundException("it is gone", e)), Optional.empty());
        }
    }

    /** A file of another archive; what is stored has the hash that it had there, or nothing is. */
    private static final class Archived implements WalSource {
        private final WalFileName name;
        private final WalArchive from;
        private final ArchivedContent content;
        private final ArchivedNotes notes;
        private MessageDigest digest = WalDigest.create();

        Archived(WalFileName name, WalArchive from, ArchivedContent content, ArchivedNotes notes) {
            this.name = name;
            this.from = from;
            this.content = content;
            this.notes = notes;
        }

        @Override
        public ReadableByteChannel open() throws IOException {
            digest = WalDigest.create();
            InputStream stream;
            try {
                stream = from.open(name);
            } catch (IOException e) {
                throw new UnsoundException(String.valueOf(e.getMessage()), e);
            }
            return Channels.newChannel(new DigestInputStream(new Told(stream), digest));
        }

        @Override
        public byte[] facts() throws IOException {
            String found = HexFormat.of().formatHex(digest.digest());
            if (!found.equals(content.sha256())) {
                throw new UnsoundException(
                        "its content has SHA-256 " + found + " instead of " + content.sha256(), new IOException());
            }
            return notes.facts();
        }

        @Override
        public Optional<byte[]> changes() {
            return notes.changes();
        }
    }

    /** Tells faults of the source from those of the target. */
    private static final class Told extends java.io.FilterInputStream {
        Told(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw new UnsoundException(String.valueOf(e.getMessage()), e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                throw new UnsoundException(String.valueOf(e.getMessage()), e);
            }
        }
    }
}
