package org.pgark.repository.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.repository.log.LogMemory;
import org.pgark.storage.KeyService;
import org.pgark.storage.MemoryStore;
import org.pgark.storage.ObjectStore;

/** Each kind of recipient opens what was wrapped for it, and says what is wrong with it when it cannot. */
class RecipientsTest {
    private static final String REPOSITORY = "0123456789abcdef0123456789abcdef";
    private static final byte[] RING_KEY =
            HexFormat.of().parseHex("00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210");
    private static final Random RANDOM = new Random(1);

    @TempDir
    private Path folder;

    private static void opensItsOwn(KeyHolder holder, KeyHolder stranger) throws IOException {
        Recipient recipient =
                holder.wrap("somebody", RING_KEY, REPOSITORY, RANDOM).recipient();
        assertThat(recipient.kind()).isEqualTo(holder.kind());
        assertThat(holder.unwrap(recipient, REPOSITORY)).hasValue(RING_KEY);
        assertThat(stranger.unwrap(recipient, REPOSITORY)).isEmpty();
        Recipient renamed = new Recipient("other", recipient.kind(), recipient.details(), recipient.wrapped());
        assertThat(holder.unwrap(renamed, REPOSITORY)).isEmpty();
        assertThat(holder.unwrap(recipient, REPOSITORY.replace('0', '1'))).isEmpty();
    }

    @Test
    void aKeyFileOpensItsOwn() throws IOException {
        opensItsOwn(KeyFile.create(folder.resolve("one"), RANDOM), KeyFile.create(folder.resolve("two"), RANDOM));
    }

    @Test
    void aPassPhraseOpensItsOwn() throws IOException {
        opensItsOwn(
                new PassPhrase("echo 'correct horse battery staple'"),
                new PassPhrase("echo 'Correct horse battery staple'"));
    }

    /** The values of the reference implementation's own tests. */
    @Test
    void argon2idMakesWhatTheReferenceImplementationMakes() {
        byte[] phrase = "password".getBytes(StandardCharsets.UTF_8);
        byte[] salt = "somesalt".getBytes(StandardCharsets.UTF_8);
        assertThat(HexFormat.of().formatHex(PassPhrase.argon2(phrase, salt, 64 << 10, 2, 1)))
                .isEqualTo("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
        assertThat(HexFormat.of().formatHex(PassPhrase.argon2(phrase, salt, 256, 2, 2)))
                .isEqualTo("6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037");
    }

    @Test
    void costsThatAreTooHighAreRefused() {
        Map<String, String> details = Map.of(
                "salt", "0".repeat(64),
                "argon2_salt", "0".repeat(32),
                "argon2_memory_kib", "9999999",
                "argon2_passes", "3",
                "argon2_lanes", "4");
        Recipient greedy = new Recipient("greedy", RecipientKind.PASSPHRASE, details, new byte[48]);
        assertThatThrownBy(() -> new PassPhrase("echo 'correct horse'").unwrap(greedy, REPOSITORY))
                .isInstanceOf(KeyException.class)
                .hasMessage("invalid argon2_memory_kib \"9999999\" of a recipient, must be from 1 to 98304");
    }

    @Test
    void aShortPassPhraseIsNotTaken() {
        assertThatThrownBy(() -> new PassPhrase("echo eleven-char").wrap("x", RING_KEY, REPOSITORY, RANDOM))
                .isInstanceOf(KeyException.class)
                .hasMessage("the pass phrase is shorter than 12 characters");
        assertThatThrownBy(() -> new PassPhrase("true").wrap("x", RING_KEY, REPOSITORY, RANDOM))
                .hasMessage("\"true\" printed no pass phrase");
    }

    @Test
    void aKeyFileThatOthersMayReadOrChangeIsRefused() throws IOException {
        Path file = folder.resolve("key");
        KeyFile key = KeyFile.create(file, RANDOM);
        boolean root = Integer.valueOf(0).equals(Files.getAttribute(file, "unix:uid"));
        for (String mode :
                List.of("rw-r--r--", "rw-rw----", "rw----r--", "rw--w----", "rwx------", "rw-------", "r--------")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            if (mode.startsWith("rw-------") || mode.startsWith("r-----")) {
                assertThat(key.wrap("x", RING_KEY, REPOSITORY, RANDOM)
                                .recipient()
                                .name())
                        .isEqualTo("x");
            } else {
                assertThatThrownBy(() -> key.wrap("x", RING_KEY, REPOSITORY, RANDOM))
                        .isInstanceOf(KeyException.class)
                        .hasMessage("key file \"" + file + "\" has mode " + mode + ", so others may read or change it");
            }
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        if (root) {
            assertThat(key.wrap("x", RING_KEY, REPOSITORY, RANDOM).recipient().name())
                    .isEqualTo("x");
        } else {
            assertThatThrownBy(() -> key.wrap("x", RING_KEY, REPOSITORY, RANDOM))
                    .isInstanceOf(KeyException.class);
        }
    }

    @Test
    void aDamagedKeyFileIsNotTakenForAnotherKey() throws IOException {
        Path file = folder.resolve("key");
        KeyFile key = KeyFile.create(file, RANDOM);
        String text = Files.readString(file);
        int digit = text.indexOf("pgark-key-1:") + 20;
        char other = text.charAt(digit) == '0' ? '1' : '0';
        Files.writeString(file, text.substring(0, digit) + other + text.substring(digit + 1));
        assertThatThrownBy(() -> key.wrap("x", RING_KEY, REPOSITORY, RANDOM))
                .hasMessage("key file \"" + file + "\" does not hold a key, or not as it was written");
        assertThatThrownBy(() -> KeyFile.create(file, RANDOM)).hasMessage("file \"" + file + "\" exists already");
    }

    @Test
    void aCommandOpensItsOwn() throws IOException {
        KeyCommand command = new KeyCommand("rev");
        Recipient recipient =
                command.wrap("somebody", RING_KEY, REPOSITORY, RANDOM).recipient();
        assertThat(command.unwrap(recipient, REPOSITORY)).hasValue(RING_KEY);
        KeyCommand asked = new KeyCommand("case \"$1 $PGARK_RECIPIENT $PGARK_REPOSITORY_ID\" in \"unwrap somebody "
                + REPOSITORY + "\") rev ;; *) exit 9 ;; esac");
        assertThat(asked.unwrap(recipient, REPOSITORY)).hasValue(RING_KEY);
    }

    @Test
    void aCommandThatFailsSaysWhatItSaid() {
        assertThatThrownBy(
                        () -> new KeyCommand("echo no vault here >&2; exit 7").wrap("x", RING_KEY, REPOSITORY, RANDOM))
                .isInstanceOf(KeyException.class)
                .hasMessage("\"echo no vault here >&2; exit 7\" failed with exit code 7: no vault here");
        assertThatThrownBy(() -> new KeyCommand("cat").wrap("x", RING_KEY, REPOSITORY, RANDOM))
                .hasMessage("\"cat\" did not wrap the key");
        assertThatThrownBy(() -> new KeyCommand("echo a").wrap("x", RING_KEY, REPOSITORY, RANDOM))
                .hasMessage("\"echo a\" did not print a key of 64 hexadecimal digits");
    }

    @Test
    void aCommandThatDoesNotEndIsGivenUp() {
        ShellCommand slow = new ShellCommand("sleep 600", Duration.ofSeconds(1));
        assertThatThrownBy(() -> slow.run(new byte[0], Map.of()))
                .isInstanceOf(KeyException.class)
                .hasMessage("\"sleep 600\" has not ended after 1 seconds");
        // One that reads nothing, and one that leaves something behind that holds its streams open.
        ShellCommand deaf = new ShellCommand("sleep 600", Duration.ofSeconds(1));
        assertThatThrownBy(() -> deaf.run(new byte[1 << 20], Map.of())).isInstanceOf(KeyException.class);
        ShellCommand parent = new ShellCommand("sleep 600 & exit 4", Duration.ofSeconds(1));
        assertThatThrownBy(() -> parent.run(new byte[0], Map.of()))
                .hasMessage("\"sleep 600 & exit 4\" failed with exit code 4");
    }

    /** A service that keeps keys by the context that it was told. */
    private static final class Service implements KeyService {
        private boolean down;

        @Override
        public byte[] wrap(byte[] secret, Map<String, String> context) throws IOException {
            return crossed(secret, context);
        }

        @Override
        public byte[] unwrap(byte[] wrapped, Map<String, String> context) throws IOException {
            return crossed(wrapped, context);
        }

        private byte[] crossed(byte[] bytes, Map<String, String> context) throws IOException {
            if (down) {
                throw new IOException("access denied");
            }
            byte[] crossed = bytes.clone();
            for (int index = 0; index < crossed.length; index++) {
                crossed[index] ^= (byte) (context.hashCode() | 1);
            }
            return crossed;
        }
    }

    @Test
    void aKeyOfAServiceOpensItsOwn() throws IOException {
        Service service = new Service();
        ServiceKey key = new ServiceKey("kms://one", service);
        Recipient recipient = key.wrap("somebody", RING_KEY, REPOSITORY, RANDOM).recipient();
        assertThat(recipient.details()).containsEntry("uri", "kms://one");
        assertThat(key.unwrap(recipient, REPOSITORY)).hasValue(RING_KEY);
        assertThat(new ServiceKey("kms://two", service).unwrap(recipient, REPOSITORY))
                .isEmpty();
        service.down = true;
        assertThatThrownBy(() -> key.unwrap(recipient, REPOSITORY))
                .isInstanceOf(KeyException.class)
                .hasMessage("key \"kms://one\" did not unwrap the repository's key: access denied");
    }

    @Test
    void everyRecipientOpensTheSameKeysAndRotationNeedsOnlyOneOfThem() throws IOException {
        ObjectStore store = new MemoryStore();
        KeyHolder file = KeyFile.create(folder.resolve("key"), RANDOM);
        KeyHolder phrase = new PassPhrase("echo 'correct horse battery staple'");
        KeyHolder escrow = KeyFile.create(folder.resolve("escrow"), RANDOM);
        RepositoryKeys.create(
                store,
                REPOSITORY,
                List.of(new RepositoryKeys.Named("operator", file), new RepositoryKeys.Named("phrase", phrase)),
                Instant.EPOCH,
                RANDOM);
        open(store, file)
                .rotate(
                        new RotationRequest(true, Set.of(), List.of(new RepositoryKeys.Named("escrow", escrow))),
                        InstantSource.system(),
                        RANDOM);
        String fingerprint = open(store, file).fingerprint();
        for (KeyHolder holder : List.of(file, phrase, escrow)) {
            RepositoryKeys keys = open(store, holder);
            assertThat(keys.fingerprint()).isEqualTo(fingerprint);
            assertThat(keys.dataKeys()).hasSize(2);
            assertThat(keys.revision()).isEqualTo(2);
        }
        open(store, escrow)
                .rotate(new RotationRequest(false, Set.of("operator"), List.of()), InstantSource.system(), RANDOM);
        assertThatThrownBy(() -> open(store, file))
                .isInstanceOf(KeyException.class)
                .hasMessage("the keys of the repository in memory: cannot be opened with key file \""
                        + folder.resolve("key") + "\": it is none of the repository's recipients");
        assertThat(open(store, phrase).fingerprint()).isEqualTo(fingerprint);
    }

    private static RepositoryKeys open(ObjectStore store, KeyHolder holder) throws IOException {
        return RepositoryKeys.open(store, REPOSITORY, List.of(holder), Optional.empty(), LogMemory.NONE);
    }
}
