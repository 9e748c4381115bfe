package org.pgark.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a file under a temporary name and links it to its own name when it is whole and durable. */
final class LocalObjectWriter implements ObjectWriter {
    private final LocalDirectoryStore store;
    private final ObjectName name;
    private final Path temporary;
    private final FileChannel channel;
    private final Disposal disposal;
    private boolean finished;
    /** Its file may have the object's name by now, whatever is heard of that. */
    private boolean offered;

    /** What is done with the temporary file if the object is given up. */
    @FunctionalInterface
    interface Disposal {
        void run() throws IOException;
    }

    LocalObjectWriter(
            LocalDirectoryStore store, ObjectName name, Path temporary, FileChannel channel, Disposal disposal) {
        this.store = store;
        this.name = name;
        this.temporary = temporary;
        this.channel = channel;
        this.disposal = disposal;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        try {
            while (source.hasRemaining()) {
                channel.write(source);
            }
        } catch (IOException e) {
            throw Failures.of("write", name, store.description(), e);
        }
    }

    @Override
    public void commit() throws IOException {
        if (finished) {
            throw new IllegalStateException("object \"" + name + "\" is finished already");
        }
        try {
            // A piece of the reserve was longer.
            channel.truncate(channel.position());
            store.sync().file(temporary, channel);
            channel.close();
            offered = true;
            link();
        } catch (ObjectExistsException e) {
            throw e;
        } catch (IOException e) {
            throw Failures.of("write", name, store.description(), e);
        }
    }

    private void link() throws IOException {
        Path target = store.path(name);
        Path folder = store.folderOf(target);
        store.ensure(folder);
        boolean taken = false;
        try {
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException e) {
            // Over NFS the answer to a link that was made can get lost, and its repetition finds the name taken.
            taken = !Files.isSameFile(target, temporary);
        } catch (UnsupportedOperationException e) {
            throw new IOException("the file system has no hard links", e);
        }
        store.sync().folder(folder);
        finished = true;
        Files.deleteIfExists(temporary);
        if (taken) {
            throw new ObjectExistsException(name, store.description());
        }
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            finished = true;
            channel.close();
            if (offered) {
                Files.deleteIfExists(temporary);
            } else {
                disposal.run();
            }
        }
    }
}
