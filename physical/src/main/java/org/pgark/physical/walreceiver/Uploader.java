package org.pgark.physical.walreceiver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.pgark.physical.wal.SegmentSource;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentMismatchException;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.archive.DifferentContentException;
import org.pgark.repository.archive.DifferentPieceException;
import org.pgark.repository.archive.PieceChain;
import org.pgark.repository.archive.WalArchive;
import org.pgark.repository.archive.WalSource;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.storage.NoSuchObjectException;

/**
 * Brings what is in a receiver's directory into the repository. Doing it twice, or beside another one, does no harm. Not
 * for several threads.
 */
public final class Uploader {
    private static final int ATTEMPTS = 10;

    private final ReceiverDirectory directory;
    private final ClusterRepository repository;
    private final WalArchive archive;
    private final ReceiverListener listener;
    private final Set<WalSegmentName> archived = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = new HashSet<>();
    private final Set<Path> histories = new HashSet<>();
    private final Set<Timeline> tidied = new HashSet<>();
    private final Map<WalSegmentName, PieceChain> saved = new HashMap<>();

    /** Nothing is looked at yet. */
    public Uploader(ReceiverDirectory directory, ClusterRepository repository, ReceiverListener listener) {
        this.directory = directory;
        this.repository = repository;
        this.archive = repository.walArchive();
        this.listener = listener;
    }

    /**
     * Up to where the WAL of one timeline was received durably.
     *
     * @param timeline the timeline that is streamed
     * @param flushed the end of it in the directory
     */
    record Received(Timeline timeline, Lsn flushed) {}

    /** Brings everything there is into the repository: complete segments whole, the others as far as they go. */
    public void uploadAll() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                upload(Optional.empty(), _ -> {});
                return;
            } catch (NoSuchFileException e) {
                // The receiver that works here has completed a segment meanwhile, or removed one.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * Brings over what is new.
     *
     * @param live what is being received; of other segments that are not complete all that their files have is taken
     * @param durable is told after each segment up to where the WAL of the live timeline is durable in the repository,
     *     as far as this directory had it
     */
    void upload(Optional<Received> live, Consumer<Lsn> durable) throws IOException {
        putHistories();
        boolean unbroken = true;
        for (ReceivedSegment segment : directory.segments()) {
            boolean isLive = live.isPresent()
                    && live.get().timeline().equals(segment.name().timeline());
            boolean stored;
            Lsn end;
            if (segment.complete()) {
                tidy(segment.name().timeline());
                stored = put(segment);
                end = segment.name().end(directory.segmentSize());
            } else {
                int received = isLive ? receivedOf(segment, live.get()) : ReceiverDirectory.received(segment);
                stored = save(segment, received);
                end = segment.name().start(directory.segmentSize()).plus(received);
            }
            if (isLive) {
                unbroken &= stored;
                if (unbroken) {
                    durable.accept(end);
                }
            }
        }
    }

    private int receivedOf(ReceivedSegment segment, Received live) throws IOException {
        Lsn start = segment.name().start(directory.segmentSize());
        long flushed = live.flushed().isBefore(start) ? 0 : live.flushed().minus(start);
        return flushed > directory.segmentSize().bytes() ? ReceiverDirectory.received(segment) : (int) flushed;
    }

    /** Deletes the pieces that a receiver left that was killed after it had archived their segment. */
    private void tidy(Timeline timeline) throws IOException {
        if (tidied.add(timeline)) {
            List<WalSegmentName> whole = new ArrayList<>();
            for (WalSegmentName segment : archive.running().list(timeline)) {
                if (archive.contains(segment) && isSound(segment)) {
                    whole.add(segment);
                }
            }
            if (!whole.isEmpty()) {
                archive.running().delete(timeline, whole);
            }
        }
    }

    private boolean isSound(WalSegmentName segment) throws IOException {
        try {
            archive.verify(new WalFileName.Segment(segment));
            return true;
        } catch (DamagedObjectException | NoSuchObjectException e) {
            listener.warning(
                    e.getMessage() + "; the pieces that were saved of WAL segment \"" + segment + "\" are kept");
            return false;
        }
    }

    private void putHistories() throws IOException {
        for (Path file : directory.histories()) {
            if (!histories.contains(file)) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                try {
                    archive.put(WalFileName.parse(String.valueOf(file.getFileName())), new Text(content));
                } catch (DifferentContentException e) {
                    refuse(String.valueOf(e.getMessage()));
                }
                histories.add(file);
            }
        }
    }

    private record Text(String content) implements WalSource {
        @Override
        public ReadableByteChannel open() {
            return Channels.newChannel(new ByteArrayInputStream(content.getBytes(StandardCharsets.ISO_8859_1)));
        }

        @Override
        public byte[] facts() {
            return new byte[0];
        }
    }

    /** Archives a complete segment; false if the archive refuses it. */
    private boolean put(ReceivedSegment segment) throws IOException {
        if (archived.contains(segment.name())) {
            return true;
        }
        try {
            Incarnation server = repository.incarnation();
            archive.put(
                    new WalFileName.Segment(segment.name()),
                    new SegmentSource(
                            segment.name(),
                            segment.file(),
                            server.systemIdentifier(),
                            server.major(),
                            server.segmentSize()));
        } catch (NoSuchFileException e) {
            // Another uploader was faster and has pruned it, or it is the server's business no more.
            return archive.contains(segment.name());
        } catch (DifferentContentException | WalSegmentMismatchException e) {
            refuse(String.valueOf(e.getMessage()));
            return false;
        }
        archived.add(segment.name());
        saved.remove(segment.name());
        archive.running().delete(segment.name().timeline(), List.of(segment.name()));
        return true;
    }

    /** Saves what a segment has that is not complete; false if other bytes are saved of it. */
    private boolean save(ReceivedSegment segment, int received) throws IOException {
        PieceChain chain = saved.get(segment.name());
        if (chain == null) {
            chain = archive.running().chain(segment.name(), directory.segmentSize());
            byte[] there = chain.read();
            if (there.length > received) {
                return isSame(segment, there, received);
            }
            if (!isSame(segment, there, there.length)) {
                return false;
            }
        }
        // What fails leaves nothing known.
        saved.remove(segment.name());
        if (received > chain.end()) {
            try {
                chain.append(received, (from, length) -> read(segment, from, length));
            } catch (NoSuchFileException e) {
                return true;
            } catch (DifferentPieceException e) {
                refuse(String.valueOf(e.getMessage()));
                return false;
            }
        }
        // If somebody else saves it too, what that one has beyond is compared when it is here.
        if (chain.end() <= received) {
            saved.put(segment.name(), chain);
        }
        return true;
    }

    /** Keeps the number of objects small that running segments are saved in. */
    void joinPieces() throws IOException {
        for (Map.Entry<WalSegmentName, PieceChain> one : Map.copyOf(saved).entrySet()) {
            Optional<ReceivedSegment> segment = directory.find(one.getKey());
            if (segment.isPresent()) {
                saved.remove(one.getKey());
                try {
                    one.getValue().join((from, length) -> read(segment.get(), from, length));
                    saved.put(one.getKey(), one.getValue());
                } catch (DifferentPieceException e) {
                    refuse(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private boolean isSame(ReceivedSegment segment, byte[] there, int length) throws IOException {
        if (Arrays.equals(there, 0, length, read(segment, 0, length), 0, length)) {
            return true;
        }
        refuse("running WAL segment \"" + segment.name() + "\" is saved already with other content");
        return false;
    }

    private byte[] read(ReceivedSegment segment, int from, int length) throws IOException {
        // A segment that is complete meanwhile has another name, and the same bytes.
        Path file = Files.exists(segment.file())
                ? segment.file()
                : directory.path().resolve(segment.name().toString());
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, (long) from + bytes.position()) < 0) {
                    throw new IOException("file \"" + file + "\" ends at " + (from + bytes.position()));
                }
            }
        }
        return bytes.array();
    }

    private void refuse(String what) {
        if (refused.add(what)) {
            listener.warning(what
                    + "; it stays in the receiver's directory. Find out which other server archives under this name");
        }
    }

    /** Whether a segment is known to be archived. For any thread. */
    boolean has(WalSegmentName segment) {
        return archived.contains(segment);
    }

    /** Keeps in mind only what is known of these. For any thread. */
    void forgetAllBut(Collection<WalSegmentName> segments) {
        archived.retainAll(segments);
    }
}
