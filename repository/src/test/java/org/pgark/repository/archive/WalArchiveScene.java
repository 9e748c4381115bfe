package org.pgark.repository.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.repository.frame.Compression;
import org.pgark.repository.frame.FramedObjects;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.StoredObject;

/** An archive in memory, and files to put into it. */
abstract class WalArchiveScene {
    static final WalFileName SEGMENT = WalFileName.parse("0000000100000002000000FF");
    static final WalFileName PARTIAL = WalFileName.parse("0000000100000003000000FF.partial");

    @TempDir
    Path folder;

    Instant now = Instant.parse("2026-11-22T10:42:00Z");
    final MemoryStore store = new MemoryStore();
    final WalArchive archive = archive(store);

    final WalArchive archive(ObjectStore place) {
        return new WalArchive(
                FramedObjects.unsealed(place),
                new ObjectName("wal"),
                Compression.DEFAULT,
                () -> now,
                new Random(1),
                () -> {});
    }

    static byte[] content(long seed, int length) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        Arrays.fill(content, 0, length / 2, (byte) 0);
        return content;
    }

    /** A source that counts how often it was opened. */
    static final class Source implements WalSource {
        final byte[] content;
        final byte[] facts;
        int opened;
        int asked;

        Source(byte[] content, String facts) {
            this.content = content;
            this.facts = facts.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public ReadableByteChannel open() {
            opened++;
            return Channels.newChannel(new ByteArrayInputStream(content));
        }

        @Override
        public byte[] facts() throws IOException {
            asked++;
            if (facts.length == 0) {
                throw new IOException("segment refused");
            }
            return facts;
        }

        @Override
        public Optional<byte[]> changes() {
            return Optional.of(new byte[] {1, 2, 3, (byte) facts.length});
        }
    }

    final byte[] get(WalFileName name) throws IOException {
        Path target = folder.resolve("target");
        long size = archive.get(name, target);
        assertThat(Files.size(target)).isEqualTo(size);
        return Files.readAllBytes(target);
    }

    final ObjectName objectOf(WalFileName name) {
        return store.list(new ObjectName("wal")).stream()
                .map(StoredObject::name)
                .filter(object -> object.lastPart().startsWith(name.toString()))
                .findFirst()
                .orElseThrow();
    }

    final void damage(ObjectName object, int at) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) store.size(object).orElseThrow());
        store.read(object, 0, bytes);
        bytes.put(at, (byte) (bytes.get(at) ^ 1)).flip();
        store.delete(object);
        try (ObjectWriter writer = store.create(object)) {
            writer.write(bytes);
            writer.commit();
        }
    }
}
