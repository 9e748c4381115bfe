package org.pgark.cli.replication;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.cli.upstream.ProgramException;
import org.pgark.physical.basebackup.ArchiveCompression;
import org.pgark.repository.frame.Compression;

/** Which of pg_basebackup's options go together with a repository as target. */
final class RepositoryOptions {
    private static final Map<String, String> HINTS = Map.of(
            "incremental",
            "A backup shares with the one before it in the repository by itself.",
            "write-recovery-conf",
            "\"pgark standby create --from-repository\" makes a standby of it.",
            "tablespace-mapping",
            "\"pgark restore --tablespace OLD=NEW\" moves tablespaces.",
            "no-verify-checksums",
            "What damage is found is noted with the backup, and does not fail it.");
    private static final List<String> REFUSED = List.of(
            "incremental",
            "write-recovery-conf",
            "tablespace-mapping",
            "waldir",
            "slot",
            "create-slot",
            "no-slot",
            "no-clean",
            "no-sync",
            "sync-method",
            "status-interval",
            "no-verify-checksums",
            "no-estimate-size",
            "no-manifest",
            "manifest-force-encode",
            "manifest-checksums");

    private RepositoryOptions() {}

    /** @param given the long names of the options that were given */
    static void check(Set<String> given) throws ProgramException {
        for (String name : REFUSED) {
            if (given.contains(name)) {
                ProgramException failure =
                        new ProgramException("cannot specify --" + name + " with a repository as backup target");
                String hint = HINTS.getOrDefault(name, "");
                throw hint.isEmpty() ? failure.withHelpHint() : failure.withHint(hint);
            }
        }
    }

    /** A backup that lacks WAL is none. */
    static ProgramException withoutWal() {
        return new ProgramException("a backup in a repository is not kept without its WAL")
                .withHint("Leave --wal-method away: the WAL is waited for in the repository's archive.");
    }

    /** How the repository compresses; empty if nothing was said. */
    static Optional<Compression> compression(Optional<Boolean> onServer, ArchiveCompression.Words words, boolean given)
            throws ProgramException {
        if (!given) {
            return Optional.empty();
        }
        if (onServer.orElse(false)) {
            throw new ProgramException("the server cannot compress what goes into a repository")
                    .withHint("\"--compress=zstd\" or \"lz4\" has pgark compress it.");
        }
        String text =
                words.algorithm() + words.detail().map(detail -> ":" + detail).orElse("");
        try {
            return Optional.of(Compression.parse(text.replace(":level=", ":")));
        } catch (IllegalArgumentException e) {
            throw new ProgramException(
                    "compression \"" + text + "\" cannot be used in a repository: " + e.getMessage());
        }
    }
}
