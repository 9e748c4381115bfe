package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.key.KeyException;
import org.pgark.repository.key.MemoryKey;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.repository.key.RotationRequest;
import org.pgark.repository.log.RolledBackLogException;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;

/**
 * Who holds the store, knows the format and mends every checksum still cannot change an encrypted repository without being
 * noticed. What plain damage does is in {@link DamageTest}.
 */
class TamperTest {
    private static final RepositoryAccess ACCESS = RepositoryAccess.by(new MemoryKey(1));
    private static final String BACKUP = "20261122T104200Z-aaaa";
    private static final int HEADER = 64;
    private static final int FOOTER = 96;

    private final ObjectStore store = new MemoryStore();

    @BeforeEach
    void fill() throws IOException {
        new SmallRepository(1, ACCESS).fill(store, BACKUP);
        assertThat(SmallRepository.readEverything(store, ACCESS)).hasSize(1);
    }

    private List<ObjectName> framed() throws IOException {
        return StoreContents.names(store).stream()
                .filter(name ->
                        !name.value().equals("repository") && !name.value().startsWith("keys/"))
                .toList();
    }

    private List<ObjectName> packs() throws IOException {
        return framed().stream()
                .filter(name -> name.value().contains("/packs/"))
                .toList();
    }

    private static byte[] mended(byte[] object) {
        ByteBuffer bytes = ByteBuffer.wrap(object).order(ByteOrder.LITTLE_ENDIAN);
        int footer = object.length - FOOTER;
        for (int header : new int[] {0, footer}) {
            bytes.putInt(header + HEADER - 4, checksum(object, header, HEADER - 4));
        }
        bytes.putInt(object.length - 4, checksum(object, footer, FOOTER - 4));
        return object;
    }

    private static int checksum(byte[] bytes, int offset, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, offset, length);
        return (int) checksum.getValue();
    }

    private void assertIsFound(ObjectName name, byte[] tampered, String what) throws IOException {
        byte[] good = StoreContents.bytes(store, name);
        StoreContents.replace(store, name, tampered);
        assertThatThrownBy(() -> SmallRepository.readEverything(store, ACCESS))
                .as("%s of %s", what, name)
                .isInstanceOfAny(
                        DamagedObjectException.class,
                        KeyException.class,
                        org.pgark.repository.frame.NewerFormatException.class);
        StoreContents.replace(store, name, good);
    }

    @Test
    void findsFlipsInHeadersAndFootersWhoseChecksumsWereMended() throws IOException {
        for (ObjectName name : framed()) {
            byte[] good = StoreContents.bytes(store, name);
            for (int i = 0; i < HEADER - 4; i += 2) {
                byte[] bad = good.clone();
                bad[i] ^= 1;
                bad[good.length - FOOTER + i] ^= 1;
                assertIsFound(name, mended(bad), "flip of byte " + i + " of both headers");
            }
            for (int i = HEADER; i < FOOTER - 4; i++) {
                byte[] bad = good.clone();
                bad[good.length - FOOTER + i] ^= 1;
                assertIsFound(name, mended(bad), "flip of byte " + i + " of the footer");
            }
        }
    }

    @Test
    void findsAnUnsealedObjectInTheirPlace() throws IOException {
        ObjectStore plain = new MemoryStore();
        new SmallRepository(1).fill(plain, BACKUP);
        ObjectName log = new ObjectName("log/0000000000000001");
        byte[] sealed = StoreContents.bytes(store, log);
        StoreContents.replace(store, log, StoreContents.bytes(plain, log));
        assertThatThrownBy(() -> SmallRepository.readEverything(store, ACCESS))
                .isInstanceOf(DamagedObjectException.class)
                .hasMessage(
                        "object \"log/0000000000000001\" is damaged: it is not sealed, but the repository is encrypted");
        StoreContents.replace(plain, log, sealed);
        assertThatThrownBy(() -> SmallRepository.readEverything(plain))
                .isInstanceOf(DamagedObjectException.class)
                .hasMessage(
                        "object \"log/0000000000000001\" is damaged: it is sealed, but the repository is not encrypted");
    }

    @Test
    void findsAnIndexThatWasCut() throws IOException {
        for (ObjectName name : framed()) {
            byte[] good = StoreContents.bytes(store, name);
            ByteBuffer bytes = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
            int footer = good.length - FOOTER;
            int index = (int) bytes.getLong(footer + HEADER);
            int length = bytes.getInt(footer + HEADER + 8);
            for (int shorter = 1; shorter < length; shorter += 3) {
                byte[] bad = new byte[good.length - shorter];
                System.arraycopy(good, 0, bad, 0, index + length - shorter);
                System.arraycopy(good, index + length, bad, index + length - shorter, 16 + FOOTER);
                ByteBuffer.wrap(bad)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(bad.length - FOOTER + HEADER + 8, length - shorter)
                        .putInt(bad.length - FOOTER + HEADER + 12, length - shorter);
                assertIsFound(name, mended(bad), "cut of " + shorter + " bytes of the index");
            }
        }
    }

    /** The first frame is all that is left, called the index, which it has the right place for. */
    @Test
    void findsAnObjectThatWasCutBehindAFrame() throws IOException {
        for (ObjectName name : packs()) {
            byte[] good = StoreContents.bytes(store, name);
            ByteBuffer bytes = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
            int footer = good.length - FOOTER;
            for (int length = 1; HEADER + length + 16 <= footer; length += 7) {
                byte[] bad = new byte[HEADER + length + 16 + FOOTER];
                System.arraycopy(good, 0, bad, 0, HEADER + length + 16);
                System.arraycopy(good, footer, bad, HEADER + length + 16, FOOTER);
                ByteBuffer.wrap(bad)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(bad.length - FOOTER + HEADER, HEADER)
                        .putInt(bad.length - FOOTER + HEADER + 8, length)
                        .putInt(bad.length - FOOTER + HEADER + 12, bytes.getInt(footer + HEADER + 12))
                        .putInt(bad.length - FOOTER + HEADER + 20, 0);
                assertIsFound(name, mended(bad), "cut behind " + length + " bytes");
            }
        }
    }

    @Test
    void findsPacksThatWereSpliced() throws IOException {
        List<ObjectName> packs = packs();
        for (ObjectName name : packs) {
            for (ObjectName other : packs) {
                if (!name.equals(other)) {
                    byte[] good = StoreContents.bytes(store, name);
                    byte[] from = StoreContents.bytes(store, other);
                    byte[] bad = good.clone();
                    int length = Math.min(good.length, from.length) - HEADER - FOOTER;
                    System.arraycopy(from, HEADER, bad, HEADER, length);
                    assertIsFound(name, mended(bad), "splice with " + other);
                    // With the salt of the other too, so that its frames have their own key.
                    byte[] salted = from.clone();
                    System.arraycopy(good, 8, salted, 8, 16);
                    System.arraycopy(good, 8, salted, from.length - FOOTER + 8, 16);
                    assertIsFound(name, mended(salted), "exchange with " + other);
                }
            }
        }
    }

    /** The names and the object ids of two repositories may be the same, and even the data keys. */
    @Test
    void findsAnObjectOfAnotherRepository() throws IOException {
        ObjectStore other = new MemoryStore();
        new SmallRepository(2, ACCESS).fill(other, BACKUP);
        ObjectName log = new ObjectName("log/0000000000000001");
        assertIsFound(log, StoreContents.bytes(other, log), "exchange with another repository");
        ObjectName keys = StoreContents.names(store).stream()
                .filter(name -> name.value().startsWith("keys/"))
                .findFirst()
                .orElseThrow();
        byte[] otherKeys = StoreContents.bytes(other, StoreContents.names(other).get(1));
        assertIsFound(keys, otherKeys, "exchange with another repository");
    }

    @Test
    void refusesARepositoryThatWasMadeAPlainOne() throws IOException {
        ObjectName name = RepositoryObject.NAME;
        RepositoryId id = RepositoryObject.read(store).id();
        store.delete(name);
        RepositoryObject.write(
                store,
                new RepositoryObject.Identity(
                        id,
                        Optional.of(org.pgark.repository.content.ContentKey.random(new Random(1))),
                        org.pgark.repository.content.ContentHashing.NH_HMAC,
                        false),
                SmallRepository.NOW);
        Set<ObjectName> before = Set.copyOf(StoreContents.names(store));
        for (RepositoryAccess access : List.of(
                ACCESS,
                new RepositoryAccess(Optional.empty(), true, Optional.empty(), List.of()),
                new RepositoryAccess(Optional.empty(), false, Optional.of("00".repeat(16)), List.of()))) {
            assertThatThrownBy(() ->
                            Repository.open(store, access, SmallRepository.CLOCK, new Random(1), LogMemories.NONE))
                    .isInstanceOf(KeyException.class)
                    .hasMessage(
                            "the repository in memory: is not encrypted, but the configuration says that it must be");
        }
        assertThat(Set.copyOf(StoreContents.names(store))).isEqualTo(before);
    }

    @Test
    void refusesKeysThatHaveAnotherFingerprint() throws IOException {
        RepositoryAccess pinned =
                new RepositoryAccess(Optional.empty(), true, Optional.of("00".repeat(16)), ACCESS.holders());
        String actual = keys(ACCESS, LogMemories.NONE).fingerprint();
        assertThatThrownBy(() -> keys(pinned, LogMemories.NONE))
                .isInstanceOf(KeyException.class)
                .hasMessage("the keys of the repository in memory: have the fingerprint " + actual
                        + ", not the expected " + "00".repeat(16));
        assertThat(keys(
                                new RepositoryAccess(Optional.empty(), true, Optional.of(actual), ACCESS.holders()),
                                LogMemories.NONE)
                        .fingerprint())
                .isEqualTo(actual);
    }

    @Test
    void saysThatNoKeyOrAWrongKeyIsThere() throws IOException {
        assertThatThrownBy(() -> SmallRepository.readEverything(store))
                .isInstanceOf(KeyException.class)
                .hasMessage("the repository in memory: is encrypted, and no key for it is configured");
        assertThatThrownBy(() -> SmallRepository.readEverything(store, RepositoryAccess.by(new MemoryKey(2))))
                .isInstanceOf(KeyException.class)
                .hasMessage("the keys of the repository in memory: cannot be opened with key 2: it is none of the"
                        + " repository's recipients");
    }

    private RepositoryKeys keys(RepositoryAccess access, LogMemories memories) throws IOException {
        return Repository.open(store, access, SmallRepository.CLOCK, new Random(3), memories)
                .keys()
                .orElseThrow();
    }

    @Test
    void findsOlderKeysInThePlaceOfNewerOnes(@TempDir Path folder) throws IOException {
        LogMemories memories = LogMemories.in(folder);
        ObjectName first = StoreContents.names(store).get(1);
        byte[] before = StoreContents.bytes(store, first);
        keys(ACCESS, memories)
                .rotate(new RotationRequest(true, Set.of(), List.of()), SmallRepository.CLOCK, new Random(4));
        ObjectName second = StoreContents.names(store).get(1);
        assertThat(second.lastPart()).isEqualTo("0000000000000002");
        assertThat(keys(ACCESS, memories).current().number()).isEqualTo(2);
        store.delete(second);
        StoreContents.replace(store, first, before);
        assertThatThrownBy(() -> keys(ACCESS, memories))
                .isInstanceOf(KeyException.class)
                .hasMessage("the keys of the repository in memory: were seen as revision 2 before, and now they are"
                        + " revision 1");
        StoreContents.replace(store, second, before);
        assertThatThrownBy(() -> keys(ACCESS, memories)).isInstanceOf(DamagedObjectException.class);
    }

    @Test
    void findsALogThatWasRolledBack(@TempDir Path folder) throws IOException {
        LogMemories memories = LogMemories.in(folder);
        ObjectName last = framed().stream()
                .filter(name -> name.value().matches("clusters/[^/]*/log/.*"))
                .reduce((_, second) -> second)
                .orElseThrow();
        look(memories);
        store.delete(last);
        assertThatThrownBy(() -> look(memories)).isInstanceOf(RolledBackLogException.class);
    }

    private void look(LogMemories memories) throws IOException {
        Repository repository = Repository.open(store, ACCESS, SmallRepository.CLOCK, new Random(5), memories);
        for (ClusterCatalog catalog : repository.clusters()) {
            for (Incarnation incarnation : catalog.incarnations()) {
                repository.open(incarnation).backups();
            }
        }
    }

    @Test
    void showsNothingOfWhatItHolds() throws IOException {
        List<byte[]> secrets = List.of(
                "main".getBytes(StandardCharsets.UTF_8),
                "base/5/16384".getBytes(StandardCharsets.UTF_8),
                "public".getBytes(StandardCharsets.UTF_8),
                "pg_wal".getBytes(StandardCharsets.UTF_8),
                BACKUP.getBytes(StandardCharsets.UTF_8),
                "facts of".getBytes(StandardCharsets.UTF_8),
                Arrays.copyOf(SmallRepository.content(BACKUP), 64),
                Arrays.copyOf(SmallRepository.content(SmallRepository.SEGMENT), 64),
                Arrays.copyOfRange(SmallRepository.content(BACKUP), 150, 190),
                keys(ACCESS, LogMemories.NONE).contentKey().getBytes(StandardCharsets.UTF_8),
                HexFormat.of().parseHex(keys(ACCESS, LogMemories.NONE).contentKey()));
        for (ObjectName name : StoreContents.names(store)) {
            String text = new String(StoreContents.bytes(store, name), StandardCharsets.ISO_8859_1);
            for (byte[] secret : secrets) {
                assertThat(text).as("%s", name).doesNotContain(new String(secret, StandardCharsets.ISO_8859_1));
                assertThat(name.value()).doesNotContain(new String(secret, StandardCharsets.ISO_8859_1));
            }
        }
        // What is looked for is found where nothing is sealed.
        ObjectStore plain = new MemoryStore();
        new SmallRepository(1).fill(plain, BACKUP);
        StringBuilder all = new StringBuilder();
        for (ObjectName name : StoreContents.names(plain)) {
            all.append(new String(StoreContents.bytes(plain, name), StandardCharsets.ISO_8859_1));
        }
        for (byte[] secret : secrets.subList(0, secrets.size() - 2)) {
            assertThat(all.toString()).contains(new String(secret, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void namesOfPartialFilesTellNothingOfTheirContent() throws IOException {
        ObjectStore plain = new MemoryStore();
        new SmallRepository(1).fill(plain, BACKUP);
        assertThat(partial(store)).isNotEqualTo(partial(plain));
    }

    private static String partial(ObjectStore store) throws IOException {
        return StoreContents.names(store).stream()
                .map(ObjectName::lastPart)
                .filter(name -> name.contains(".partial."))
                .findFirst()
                .orElseThrow();
    }
}
