package org.pgark.physical.restore;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.SystemIdentifier;
import org.pgark.repository.BackupRecord;

/** Who owns files that are restored without a backup. */
final class OwnershipOfTests {
    private OwnershipOfTests() {}

    /** Nobody else than who runs the test. */
    static Ownership ofPostgres15() {
        return new Ownership(
                new BackupRecord.Server(
                        "15.0",
                        PostgresMajor.V15,
                        new SystemIdentifier(1),
                        1,
                        false,
                        "host",
                        "/data",
                        Map.of(),
                        Map.of(),
                        List.of(),
                        Optional.empty()),
                Optional.empty(),
                false,
                0022);
    }
}
