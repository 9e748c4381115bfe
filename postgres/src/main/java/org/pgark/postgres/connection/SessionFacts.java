package org.pgark.postgres.connection;

/**
 * What a session learns about its server when it begins.
 *
 * @param versionNumber {@code server_version_num}
 * @param inRecovery whether the server replays WAL
 * @param readOnly whether transactions are read-only by default
 */
public record SessionFacts(int versionNumber, boolean inRecovery, boolean readOnly) {
    private static final int OLDEST = 13;
    private static final int NEWEST = 18;

    boolean isSupported() {
        return versionNumber / 10000 >= OLDEST && versionNumber / 10000 <= NEWEST;
    }
}
