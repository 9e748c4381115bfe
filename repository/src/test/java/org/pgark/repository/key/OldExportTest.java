package org.pgark.repository.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentSize;
import org.pgark.repository.Incarnation;
import org.pgark.repository.LogMemories;
import org.pgark.repository.Repository;
import org.pgark.repository.RepositoryAccess;
import org.pgark.repository.archive.WalSource;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;

/** Who opens a repository with keys that were exported before there was a newer data key. */
class OldExportTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final RandomGenerator RANDOM = new SecureRandom();
    private static final WalFileName SEGMENT = WalFileName.parse("0000000100000002000000FF");

    private final MemoryStore store = new MemoryStore();

    /** Keys from a safe. */
    private record FromTheSafe(ExportedKeys keys) implements KeyHolder {
        @Override
        public String description() {
            return "exported keys";
        }

        @Override
        public RecipientKind kind() {
            return RecipientKind.KEY_FILE;
        }

        @Override
        public Optional<byte[]> unwrap(Recipient recipient, String repositoryId) {
            return Optional.empty();
        }

        @Override
        public Wrapped wrap(String name, byte[] ringKey, String repositoryId, RandomGenerator random) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<ExportedKeys> exported() {
            return Optional.of(keys);
        }
    }

    private record Content(String text) implements WalSource {
        @Override
        public ReadableByteChannel open() {
            return Channels.newChannel(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public byte[] facts() {
            return new byte[] {1};
        }
    }

    private Repository open(KeyHolder holder) throws IOException {
        return Repository.open(store, RepositoryAccess.by(holder), CLOCK, RANDOM, LogMemories.NONE);
    }

    @Test
    void takesNothingForDamagedThatWasSealedUnderTheNewerKey() throws IOException {
        MemoryKey operator = new MemoryKey(1);
        Incarnation incarnation;
        RepositoryKeys keys;
        try (Repository repository = Repository.createEncrypted(
                store, List.of(new RepositoryKeys.Named("operator", operator)), CLOCK, RANDOM)) {
            incarnation = repository.registerCluster(
                    "main", SystemIdentifier.parse("42"), PostgresMajor.V15, WalSegmentSize.DEFAULT);
            keys = repository.keys().orElseThrow();
        }
        FromTheSafe old = new FromTheSafe(keys.export(CLOCK.instant()));
        keys.rotate(new RotationRequest(true, Set.of(), List.of()), CLOCK, RANDOM);
        ObjectName object;
        try (Repository repository = open(operator)) {
            var archive = repository.open(incarnation).walArchive();
            archive.put(SEGMENT, new Content("ours"));
            object = archive.objectOf(SEGMENT);
        }
        long size = store.size(object).orElseThrow();

        try (Repository repository = open(old)) {
            var archive = repository.open(incarnation).walArchive();
            assertThatThrownBy(() -> archive.put(SEGMENT, new Content("of another history")))
                    .isInstanceOf(KeyException.class)
                    .hasMessageContaining("data key 2")
                    .hasMessageContaining("exported");
            assertThatThrownBy(() -> archive.content(SEGMENT)).isInstanceOf(KeyException.class);
        }
        assertThat(store.size(object)).hasValue(size);
        try (Repository repository = open(operator)) {
            repository.open(incarnation).walArchive().verify(SEGMENT);
        }
    }
}
