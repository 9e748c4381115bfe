package org.pgark.repository;

import java.util.List;
import java.util.Optional;
import org.pgark.repository.key.KeyHolder;
import org.pgark.repository.writer.SoleWriters;

/**
 * What who opens a repository knows of it beforehand, and by whom its keys can be opened.
 *
 * @param id which it must be
 * @param encryptionRequired whether it must be encrypted
 * @param fingerprint that its keys must have
 * @param holders asked for its keys, one after the other; if there are any, it must be encrypted
 * @param writers of which repositories this host is the only writer
 */
public record RepositoryAccess(
        Optional<RepositoryId> id,
        boolean encryptionRequired,
        Optional<String> fingerprint,
        List<KeyHolder> holders,
        SoleWriters writers) {
    /** Any repository that is not encrypted. */
    public static final RepositoryAccess ANY =
            new RepositoryAccess(Optional.empty(), false, Optional.empty(), List.of());

    /** Writes to no repository that has one writer only. */
    public RepositoryAccess(
            Optional<RepositoryId> id,
            boolean encryptionRequired,
            Optional<String> fingerprint,
            List<KeyHolder> holders) {
        this(id, encryptionRequired, fingerprint, holders, SoleWriters.NONE);
    }

    public RepositoryAccess {
        holders = List.copyOf(holders);
    }

    /** The repository of this id, not encrypted. */
    public static RepositoryAccess of(RepositoryId id) {
        return new RepositoryAccess(Optional.of(id), false, Optional.empty(), List.of());
    }

    /** An encrypted repository that these can open. */
    public static RepositoryAccess by(KeyHolder... holders) {
        return new RepositoryAccess(Optional.empty(), true, Optional.empty(), List.of(holders));
    }

    boolean mustBeEncrypted() {
        return encryptionRequired || fingerprint.isPresent() || !holders.isEmpty();
    }
}
