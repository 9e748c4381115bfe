package org.pgark.repository.key;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pgark.storage.KeyService;

/** A key of a key management service; which one is said by a URI beside the recipient. */
public final class ServiceKey implements KeyHolder {
    private static final String URI = "uri";
    private static final String REPOSITORY = "pgark-repository";
    private static final String RECIPIENT = "pgark-recipient";
    private static final int KEY_LENGTH = 32;

    private final String uri;
    private final KeyService service;

    /** The key of this URI, which {@code service} has. */
    public ServiceKey(String uri, KeyService service) {
        this.uri = uri;
        this.service = service;
    }

    @Override
    public String description() {
        return "key \"" + uri + "\"";
    }

    @Override
    public RecipientKind kind() {
        return RecipientKind.KMS;
    }

    private static Map<String, String> context(String name, String repositoryId) {
        return Map.of(REPOSITORY, repositoryId, RECIPIENT, name);
    }

    @Override
    public Optional<byte[]> unwrap(Recipient recipient, String repositoryId) throws IOException {
        if (!uri.equals(recipient.details().get(URI))) {
            return Optional.empty();
        }
        try {
            byte[] key = service.unwrap(recipient.wrapped(), context(recipient.name(), repositoryId));
            return Optional.of(key).filter(bytes -> bytes.length == KEY_LENGTH);
        } catch (IOException e) {
            throw failed("unwrap", e);
        }
    }

    @Override
    public Wrapped wrap(String name, byte[] ringKey, String repositoryId, RandomGenerator random) throws IOException {
        try {
            byte[] wrapped = service.wrap(ringKey, context(name, repositoryId));
            return new Wrapped(new Recipient(name, kind(), Map.of(URI, uri), wrapped), Optional.empty());
        } catch (IOException e) {
            throw failed("wrap", e);
        }
    }

    private KeyException failed(String what, IOException cause) {
        return new KeyException(
                "key_service",
                description() + " did not " + what + " the repository's key: " + cause.getMessage(),
                "Check that the key exists, and that these credentials may encrypt and decrypt with it.",
                cause);
    }
}
