package org.pgark.repository.key;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A command of the user's that wraps and unwraps: {@code sh -c COMMAND pgark wrap} reads a key as 64 hexadecimal digits and
 * a line feed and prints anything of up to 64 KiB, from which {@code sh -c COMMAND pgark unwrap} makes the digits again.
 * The variables PGARK_REPOSITORY_ID and PGARK_RECIPIENT say whose key it is.
 */
public final class KeyCommand implements KeyHolder {
    private final ShellCommand command;

    /** Asks a shell command. */
    public KeyCommand(String command) {
        this.command = new ShellCommand(command);
    }

    @Override
    public String description() {
        return "the command \"" + command.text() + "\"";
    }

    @Override
    public RecipientKind kind() {
        return RecipientKind.COMMAND;
    }

    private static Map<String, String> variables(String name, String repositoryId) {
        return Map.of("PGARK_REPOSITORY_ID", repositoryId, "PGARK_RECIPIENT", name);
    }

    @Override
    public Optional<byte[]> unwrap(Recipient recipient, String repositoryId) throws IOException {
        byte[] printed = command.run(recipient.wrapped(), variables(recipient.name(), repositoryId), "unwrap");
        String digits = new String(printed, StandardCharsets.US_ASCII).strip();
        if (!digits.matches("[0-9a-f]{64}")) {
            throw new KeyException(
                    "key_command", "\"" + command.text() + "\" did not print a key of 64 hexadecimal digits", "");
        }
        return Optional.of(HexFormat.of().parseHex(digits));
    }

    @Override
    public Wrapped wrap(String name, byte[] ringKey, String repositoryId, RandomGenerator random) throws IOException {
        byte[] digits = (HexFormat.of().formatHex(ringKey) + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] wrapped = command.run(digits, variables(name, repositoryId), "wrap");
        Recipient recipient = new Recipient(name, kind(), Map.of(), wrapped);
        if (wrapped.length == 0
                || new String(wrapped, StandardCharsets.US_ASCII)
                        .strip()
                        .contains(HexFormat.of().formatHex(ringKey))) {
            throw new KeyException("key_command", "\"" + command.text() + "\" did not wrap the key", "");
        }
        if (!unwrap(recipient, repositoryId)
                .filter(key -> java.util.Arrays.equals(key, ringKey))
                .isPresent()) {
            throw new KeyException("key_command", "\"" + command.text() + "\" does not unwrap what it wrapped", "");
        }
        return new Wrapped(recipient, Optional.empty());
    }
}
