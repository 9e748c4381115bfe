package org.pgark.physical.remote;

import java.util.List;
import java.util.Optional;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.ServerSession;

/** What a role must be allowed to do for its server's files to be backed up by the server's own functions. */
public final class RemoteRights {
    private static final List<String> READING = List.of(
            "pg_ls_dir(text, boolean, boolean)",
            "pg_stat_file(text, boolean)",
            "pg_read_binary_file(text, bigint, bigint, boolean)");
    private static final List<String> STARTING = List.of("pg_backup_start(text, boolean)", "pg_backup_stop(boolean)");
    private static final List<String> STARTING_BEFORE_15 =
            List.of("pg_start_backup(text, boolean, boolean)", "pg_stop_backup(boolean, boolean)");

    private static final String LACKS_SETTINGS = "SELECT NOT pg_catalog.pg_has_role('pg_read_all_settings', 'USAGE')";
    private static final String LACKS_FUNCTION = "SELECT NOT pg_catalog.has_function_privilege(?, 'EXECUTE')";

    private RemoteRights() {}

    /** The first right that the session's role lacks, in words; empty if it has all. */
    public static Optional<String> missing(ServerSession session) throws ConnectionException {
        if (session.queryBoolean(LACKS_SETTINGS)) {
            return Optional.of("role \"" + session.settings().user() + "\" is no member of pg_read_all_settings");
        }
        for (List<String> functions :
                List.of(READING, session.major().number() >= 15 ? STARTING : STARTING_BEFORE_15)) {
            for (String function : functions) {
                if (session.queryBoolean(LACKS_FUNCTION, "pg_catalog." + function)) {
                    return Optional.of("role \"" + session.settings().user() + "\" may not call " + function);
                }
            }
        }
        return Optional.empty();
    }
}
