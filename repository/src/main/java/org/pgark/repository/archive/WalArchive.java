package org.pgark.repository.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.frame.FramedObjectWriter;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.frame.ObjectKind;
import org.pgark.repository.writer.CopyMark;
import org.pgark.storage.LockedObjectException;
import org.pgark.storage.ManyRequests;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoredObject;

/** The archived WAL of one incarnation of a cluster. For several threads. */
public final class WalArchive implements AutoCloseable {
    private static final int NOTES_AT_THE_SAME_TIME = 8;

    private final FramedObjects objects;
    private final ArchiveNames names;
    private final MendedObjects mended;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Presence presence;
    private final CopyMark copy;
    private final WalBuffersPool pool;
    private final ArchiveReader reader;

    /** Proves that the repository itself is there, so that what is not found in it is really absent. */
    public interface Presence {
        /** Fails if the repository is not there, for example because its file system is not mounted any more. */
        void check() throws IOException;
    }

    /**
     * Keeps WAL in a folder.
     *
     * @param folder for example {@code clusters/4f0c4f0c4f0c4f0c/wal}
     * @param random draws the ids of objects; for several threads
     * @param presence asked before something is called absent
     */
    public WalArchive(
            FramedObjects objects,
            ObjectName folder,
            Compression compression,
            InstantSource clock,
            RandomGenerator random,
            Presence presence) {
        this.objects = objects;
        this.names = new ArchiveNames(folder);
        this.mended = new MendedObjects(objects, names);
        this.clock = clock;
        this.random = random;
        this.presence = presence;
        this.copy = new CopyMark(objects.store(), clock);
        this.pool = new WalBuffersPool(compression);
        this.reader = new ArchiveReader(objects, names, mended, presence, pool);
    }

    /** Makes ready for much WAL: takes some hundred milliseconds of processor time, and spares more of it in a process that compiles nothing well. */
    public void expectMuch() {
        WalDigest.expectMuch();
    }

    /**
     * Stores a file, reading it once and keeping little of it in memory. When this returns, it is durable. What is there
     * under its name is read whole; if it is damaged, the file takes its place, or stands in for it where it is locked.
     *
     * @throws DifferentContentException if other content has this name already; never for a {@code .partial} file, of
     *     which several can be kept
     */
    public PutResult put(WalFileName name, WalSource source) throws IOException {
        return put(name, source, PutSteps.UNWATCHED);
    }

    /** Likewise, and tells {@code steps} of it. */
    public PutResult put(WalFileName name, WalSource source, PutSteps steps) throws IOException {
        return pool.with(buffers -> filePut(steps).put(name, source, buffers));
    }

    /**
     * Stores a file that was read already, and tells {@code steps} of it. When this returns, it is durable.
     *
     * @throws DifferentContentException as {@link #put(WalFileName, WalSource)}
     */
    public PutResult put(PreparedWal file, PutSteps steps) throws IOException {
        return pool.with(buffers -> filePut(steps).put(file, buffers));
    }

    private FilePut filePut(PutSteps steps) throws IOException {
        copy.promote();
        return new FilePut(objects, names, mended, clock, random, running(), steps);
    }

    /**
     * Writes a file to {@code target}, which is created or overwritten; it is not synchronised. Of several {@code
     * .partial} files of one name it takes the one that was archived last.
     *
     * @return its raw size in bytes
     * @throws NoSuchObjectException if it is proven that the archive does not have it
     * @throws DamagedObjectException if it is not what was written
     */
    public long get(WalFileName name, Path target) throws IOException {
        return reader.copy(name, target);
    }

    /**
     * The content of a file, read and decompressed as it is asked for; the caller closes the stream before this archive.
     *
     * @throws NoSuchObjectException if it is proven that the archive does not have it
     * @throws DamagedObjectException if it is not what was written, here or where it is read
     */
    public InputStream open(WalFileName name) throws IOException {
        return reader.open(name);
    }

    /** Whether a file is there; absence is proven. */
    public boolean contains(WalFileName name) throws IOException {
        boolean found = name instanceof WalFileName.Partial
                ? !reader.partials(name).isEmpty()
                : objects.store().size(names.of(name)).isPresent();
        if (!found) {
            presence.check();
        }
        return found;
    }

    /** Whether a segment is there; absence is proven. */
    public boolean contains(WalSegmentName name) throws IOException {
        return contains(new WalFileName.Segment(name));
    }

    /** What is known of a file's content; empty if it is not there. */
    public Optional<ArchivedContent> content(WalFileName name) throws IOException {
        return reader.ifThere(name, ArchivedObject::about);
    }

    /** The facts that were stored beside a file; empty if it is not there. Reads only the end of the object. */
    public Optional<byte[]> facts(WalFileName name) throws IOException {
        return reader.ifThere(name, object -> object.facts().facts());
    }

    /** All that was stored beside a file; empty if it is not there. Reads only the end of the object. */
    public Optional<ArchivedNotes> notes(WalFileName name) throws IOException {
        return reader.ifThere(name, ArchivedObject::notes);
    }

    /**
     * Likewise of several files, in their order; empty also for those that are damaged. From a distant store of some at the
     * same time.
     */
    public List<Optional<ArchivedNotes>> notes(List<? extends WalFileName> files) throws IOException {
        List<Callable<Optional<ArchivedNotes>>> questions = new ArrayList<>();
        for (WalFileName file : files) {
            questions.add(() -> {
                try {
                    return notes(file);
                } catch (DamagedObjectException e) {
                    return Optional.empty();
                }
            });
        }
        return ManyRequests.of(objects.store(), NOTES_AT_THE_SAME_TIME).make(questions);
    }

    /** Reads a file whole and checks everything; what stands in for a damaged object counts. */
    public void verify(WalFileName name) throws IOException {
        reader.verify(name);
    }

    /** All files of a timeline, in ascending order of names. */
    public List<ArchivedFile> list(Timeline timeline) throws IOException {
        List<ArchivedFile> files = new ArrayList<>();
        for (StoredObject object : objects.store().list(names.timeline(timeline))) {
            ArchiveNames.parse(object.name()).ifPresent(name -> files.add(new ArchivedFile(name, object.size())));
        }
        files.sort(Comparator.comparing(file -> file.name().toString()));
        return files;
    }

    /** The object of a file that is no {@code .partial} one. */
    public ObjectName objectOf(WalFileName name) {
        return names.of(name);
    }

    /**
     * Deletes files, of {@code .partial} ones all of that name; those that are not there are fine.
     *
     * @return those that are locked, and stay
     */
    public Map<WalFileName, LockedObjectException> delete(Collection<WalFileName> files) throws IOException {
        Map<ObjectName, WalFileName> stored = new LinkedHashMap<>();
        for (WalFileName file : files) {
            for (ObjectName object :
                    file instanceof WalFileName.Partial ? reader.partials(file) : List.of(names.of(file))) {
                stored.put(object, file);
            }
        }
        Map<WalFileName, LockedObjectException> locked = new LinkedHashMap<>();
        objects.store().deleteAll(stored.keySet()).forEach((object, why) -> locked.put(stored.get(object), why));
        return locked;
    }

    /** The objects that stand in for damaged ones of certain files. */
    public List<ObjectName> mended(Predicate<WalFileName> files) throws IOException {
        return mended.of(files);
    }

    /** Deletes what stands in for damaged objects of certain files; what is locked stays. */
    public void deleteMended(Predicate<WalFileName> files) throws IOException {
        for (ObjectName object : mended.of(files)) {
            deleteObject(object);
        }
    }

    /** The timelines of which there is anything, ascending. */
    public List<Timeline> timelines() throws IOException {
        return objects.store().folders(names.folder()).stream()
                .filter(folder -> folder.matches("[0-9A-F]{8}") && !folder.equals("00000000"))
                .map(Timeline::parseHex)
                .sorted()
                .toList();
    }

    /** The text of a timeline's history file; empty if it is not there, which is proven. */
    public Optional<String> history(Timeline timeline) throws IOException {
        return reader.ifThere(
                new WalFileName.History(timeline),
                object -> new String(ArchiveReader.content(object), StandardCharsets.UTF_8));
    }

    /** Segments that are not finished yet. */
    public RunningSegments running() {
        return new RunningSegments(this);
    }

    ArchiveNames names() {
        return names;
    }

    /** Stores one piece of a running segment as an object of its own. */
    void putPiece(ObjectName object, byte[] bytes) throws IOException {
        copy.promote();
        pool.with(buffers -> {
            buffers.restart();
            try (FramedObjectWriter writer = new FramedObjectWriter(
                    objects, object, ObjectKind.WAL, ObjectId.random(random), buffers.compressor())) {
                for (int at = 0; at < bytes.length; at += WalBuffers.FRAME_LENGTH) {
                    ByteBuffer raw = buffers.room(WalBuffers.FRAME_LENGTH);
                    raw.put(bytes, at, Math.min(bytes.length - at, raw.remaining()))
                            .flip();
                    buffers.add(raw);
                    writer.append(raw, FrameRole.DATA);
                }
                ArchivedContent content = new ArchivedContent(buffers.hash(), buffers.size(), clock.instant());
                new ArchivedFacts(content, new byte[0]).writeTo(writer, Optional.empty());
                writer.finish();
                writer.commit();
            }
            return object;
        });
    }

    /** The content of one piece. */
    byte[] piece(ObjectName object) throws IOException {
        return reader.content(object);
    }

    boolean has(ObjectName object) throws IOException {
        return objects.store().size(object).isPresent();
    }

    List<StoredObject> stored(Timeline timeline) throws IOException {
        return objects.store().list(names.timeline(timeline));
    }

    void settle(ObjectName object) throws IOException {
        objects.store().settle(object);
    }

    /** One that is locked stays; whoever comes later deletes it. */
    void deleteObject(ObjectName object) throws IOException {
        objects.store().deleteUnlessLocked(object);
    }

    void provePresence() throws IOException {
        presence.check();
    }

    /** Releases the buffers; nothing can be under way. */
    @Override
    public void close() {
        pool.close();
    }
}
