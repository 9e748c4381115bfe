package org.pgark.repository.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.storage.NoSuchObjectException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.StoredObject;

/**
 * Finds and reads the objects of archived files; where one is damaged, what stands in for it. That a file is absent is proven
 * before it is said. For several threads.
 */
final class ArchiveReader {
    private final FramedObjects objects;
    private final ArchiveNames names;
    private final MendedObjects mended;
    private final WalArchive.Presence presence;
    private final WalBuffersPool pool;

    ArchiveReader(
            FramedObjects objects,
            ArchiveNames names,
            MendedObjects mended,
            WalArchive.Presence presence,
            WalBuffersPool pool) {
        this.objects = objects;
        this.names = names;
        this.mended = mended;
        this.presence = presence;
        this.pool = pool;
    }

    /** Reads an object from its beginning on. */
    interface Reading<T> {
        T of(ArchivedObject object) throws IOException;
    }

    /** What a reading gives; empty if the file is not there. */
    <T> Optional<T> ifThere(WalFileName name, Reading<T> reading) throws IOException {
        return pool.with(buffers -> {
            try {
                return Optional.of(read(name, buffers, reading));
            } catch (NoSuchObjectException e) {
                return Optional.empty();
            }
        });
    }

    /** Writes a file to {@code target}; its size. */
    long copy(WalFileName name, Path target) throws IOException {
        return pool.with(buffers -> read(name, buffers, object -> {
            try (FileChannel channel = FileChannel.open(
                    target,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                object.read(raw -> writeFully(channel, raw));
            }
            return object.about().size();
        }));
    }

    /** The content as a stream, which keeps buffers until it is closed. */
    InputStream open(WalFileName name) throws IOException {
        WalBuffers buffers = pool.take();
        try {
            return read(
                    name,
                    buffers,
                    object -> new ArchivedStream(
                            object,
                            damage -> mended.sound(object.name(), buffers)
                                    .orElseThrow(() -> damage)
                                    .content(),
                            () -> pool.giveBack(buffers)));
        } catch (IOException | RuntimeException e) {
            pool.giveBack(buffers);
            throw e;
        }
    }

    /** The content of one object, whatever it is called. */
    byte[] content(ObjectName object) throws IOException {
        return pool.with(buffers -> content(new ArchivedObject(objects, object, buffers)));
    }

    /** The content of an object that was opened. */
    static byte[] content(ArchivedObject object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WritableByteChannel channel = Channels.newChannel(bytes);
        object.read(raw -> writeFully(channel, raw));
        return bytes.toByteArray();
    }

    /** Reads a file whole and checks everything. */
    void verify(WalFileName name) throws IOException {
        List<ObjectName> partials = name instanceof WalFileName.Partial ? partials(name) : List.of();
        pool.with(buffers -> {
            for (ObjectName object : partials.isEmpty() ? List.of(names.of(name)) : partials) {
                read(object, buffers, archived -> {
                    archived.check();
                    return object;
                });
            }
            return name;
        });
    }

    /** The objects of {@code .partial} files of one name. */
    List<ObjectName> partials(WalFileName name) throws IOException {
        return objects.store().list(names.folderOf(name)).stream()
                .map(StoredObject::name)
                .filter(object -> object.lastPart().startsWith(name + "."))
                .toList();
    }

    private <T> T read(WalFileName name, WalBuffers buffers, Reading<T> reading) throws IOException {
        try {
            return read(find(name, buffers), buffers, reading);
        } catch (NoSuchObjectException e) {
            presence.check();
            throw e;
        }
    }

    private <T> T read(ObjectName object, WalBuffers buffers, Reading<T> reading) throws IOException {
        try {
            return reading.of(new ArchivedObject(objects, object, buffers));
        } catch (DamagedObjectException e) {
            return reading.of(mended.sound(object, buffers).orElseThrow(() -> e));
        }
    }

    private ObjectName find(WalFileName name, WalBuffers buffers) throws IOException {
        ObjectName found = names.of(name);
        if (name instanceof WalFileName.Partial) {
            Instant newest = Instant.MIN;
            for (ObjectName candidate : partials(name)) {
                Instant archived =
                        read(candidate, buffers, ArchivedObject::about).archived();
                if (archived.isAfter(newest)) {
                    newest = archived;
                    found = candidate;
                }
            }
        }
        return found;
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer raw) throws IOException {
        while (raw.hasRemaining()) {
            channel.write(raw);
        }
    }
}
