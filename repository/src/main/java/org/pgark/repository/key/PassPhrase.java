package org.pgark.repository.key;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A pass phrase that a command prints. The wrapping key is what Argon2id (RFC 9106, version 0x13) makes of it, with a salt
 * and costs that stand beside the recipient.
 */
public final class PassPhrase implements KeyHolder {
    /** A shorter one is guessed soon, whatever each guess costs. */
    private static final int SHORTEST = 12;

    private static final int MEMORY_KIB = 64 << 10;
    private static final int PASSES = 3;
    private static final int LANES = 4;
    private static final int MOST_MEMORY_KIB = 96 << 10;
    private static final int MOST_PASSES = 64;
    private static final int MOST_LANES = 64;

    private static final String SALT = "argon2_salt";
    private static final String MEMORY = "argon2_memory_kib";
    private static final String PASS = "argon2_passes";
    private static final String LANE = "argon2_lanes";
    private static final int KEY_LENGTH = 32;
    private static final int SALT_LENGTH = 16;

    private final ShellCommand command;
    /** Asked once, and not again for each recipient. */
    private final Map<String, byte[]> known = new ConcurrentHashMap<>();

    /** The pass phrase that a shell command prints. */
    public PassPhrase(String command) {
        this.command = new ShellCommand(command);
    }

    @Override
    public String description() {
        return "the pass phrase of \"" + command.text() + "\"";
    }

    @Override
    public RecipientKind kind() {
        return RecipientKind.PASSPHRASE;
    }

    private byte[] phrase() throws IOException {
        String output = new String(command.run(new byte[0], Map.of()), StandardCharsets.UTF_8);
        String phrase = output.lines().findFirst().orElse("");
        if (phrase.isEmpty()) {
            throw new KeyException("no_passphrase", "\"" + command.text() + "\" printed no pass phrase", "");
        }
        return phrase.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Optional<byte[]> unwrap(Recipient recipient, String repositoryId) throws IOException {
        return KeyWrap.unwrap(recipient, wrappingKey(recipient.details()), repositoryId);
    }

    private byte[] wrappingKey(Map<String, String> details) throws IOException {
        String identity =
                details.get(SALT) + " " + details.get(MEMORY) + " " + details.get(PASS) + " " + details.get(LANE);
        byte[] found = known.get(identity);
        if (found == null) {
            found = argon2(
                    phrase(),
                    HexFormat.of().parseHex(salt(details)),
                    bounded(details, MEMORY, MOST_MEMORY_KIB),
                    bounded(details, PASS, MOST_PASSES),
                    bounded(details, LANE, MOST_LANES));
            known.put(identity, found);
        }
        return found;
    }

    private static String salt(Map<String, String> details) throws KeyException {
        String salt = details.getOrDefault(SALT, "");
        if (!salt.matches("([0-9a-f]{2}){8,64}")) {
            throw new KeyException("malformed_recipient", "invalid " + SALT + " of a recipient", "");
        }
        return salt;
    }

    /** Whoever may write to the repository shall not make its readers use up their memory. */
    private static int bounded(Map<String, String> details, String name, int most) throws KeyException {
        String value = details.getOrDefault(name, "");
        if (!value.matches("[1-9][0-9]{0,6}") || Integer.parseInt(value) > most) {
            throw new KeyException(
                    "malformed_recipient",
                    "invalid " + name + " \"" + value + "\" of a recipient, must be from 1 to " + most,
                    "");
        }
        return Integer.parseInt(value);
    }

    /** Argon2id. */
    static byte[] argon2(byte[] phrase, byte[] salt, int memoryKib, int passes, int lanes) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withSalt(salt)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .build());
        byte[] key = new byte[KEY_LENGTH];
        generator.generateBytes(phrase, key);
        return key;
    }

    @Override
    public Wrapped wrap(String name, byte[] ringKey, String repositoryId, RandomGenerator random) throws IOException {
        byte[] phrase = phrase();
        if (new String(phrase, StandardCharsets.UTF_8).codePoints().count() < SHORTEST) {
            Arrays.fill(phrase, (byte) 0);
            throw new KeyException(
                    "short_passphrase",
                    "the pass phrase is shorter than " + SHORTEST + " characters",
                    "Take five or more words that were drawn by lot, or a key file.");
        }
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        Map<String, String> details = Map.of(
                SALT, HexFormat.of().formatHex(salt),
                MEMORY, Integer.toString(MEMORY_KIB),
                PASS, Integer.toString(PASSES),
                LANE, Integer.toString(LANES));
        byte[] wrappingKey = wrappingKey(details);
        return new Wrapped(
                KeyWrap.wrap(name, kind(), details, wrappingKey, ringKey, repositoryId, random),
                Optional.of(wrappingKey));
    }
}
