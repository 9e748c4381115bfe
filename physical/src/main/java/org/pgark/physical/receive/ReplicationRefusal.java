package org.pgark.physical.receive;

import java.util.Optional;
import org.pgark.postgres.wire.ConnectFailedException;
import org.pgark.postgres.wire.ServerErrorException;

/**
 * Why a server does not let itself be replicated, where that is one of the usual reasons.
 *
 * @param code a short stable word
 * @param hint a sentence about what helps, or empty
 * @param lasting whether it stays so until somebody changes something, so that trying again is of no use
 */
public record ReplicationRefusal(String code, String hint, boolean lasting) {

    /**
     * The reason that a failure has.
     *
     * @param user the role that entered the server, or wanted to
     */
    public static Optional<ReplicationRefusal> of(Throwable failure, String user) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectFailedException refused) {
                return refused.isPasswordMissing()
                        ? Optional.of(passwordMissing())
                        : ofState(refused.sqlState(), String.valueOf(refused.getMessage()), user);
            }
            if (cause instanceof ServerErrorException error) {
                return ofState(error.sqlState(), String.valueOf(error.getMessage()), user);
            }
        }
        return Optional.empty();
    }

    /** The reason that a failure has, where the role's name is not known. */
    public static Optional<ReplicationRefusal> of(Throwable failure) {
        return of(failure, "NAME");
    }

    /** A message in one line: libpq's have lines of their own for hints. */
    public static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\n\\s*", "; ");
    }

    private static ReplicationRefusal passwordMissing() {
        return new ReplicationRefusal(
                "password_missing",
                "Put the password into ~/.pgpass or the file that PGPASSFILE names, where replication is a database of"
                        + " its own: HOST:PORT:replication:USER:PASSWORD.",
                true);
    }

    private static Optional<ReplicationRefusal> ofState(String state, String message, String user) {
        return switch (state) {
            case "28P01" -> lasting("wrong_password", "Check the password of role \"" + user + "\".");
            case "28000" ->
                lasting(
                        "access_denied",
                        message.contains("pg_hba.conf")
                                ? "The server's pg_hba.conf needs a line like \"host replication " + user
                                        + " ADDRESS scram-sha-256\"."
                                : "Check that role \"" + user + "\" exists and may log in.");
            case "42501" ->
                lasting(
                        "no_replication_privilege",
                        "\"ALTER ROLE " + user + " REPLICATION\" on the server gives it the privilege.");
            case "42710" ->
                lasting(
                        "slot_exists",
                        "Choose another name, or drop it on the server with pg_drop_replication_slot() if nobody uses"
                                + " it.");
            case "42602" -> lasting("invalid_slot_name", "");
            case "53300" -> Optional.of(tooMany(message));
            case "53400" ->
                Optional.of(new ReplicationRefusal(
                        "no_free_slot",
                        "Raise max_replication_slots on the server, which needs a restart, or drop slots that nobody"
                                + " uses.",
                        false));
            case "55006" -> Optional.of(new ReplicationRefusal("slot_in_use", "", false));
            default -> Optional.empty();
        };
    }

    private static Optional<ReplicationRefusal> lasting(String code, String hint) {
        return Optional.of(new ReplicationRefusal(code, hint, true));
    }

    /** Whose setting 0 is meant is told by "currently 0": wal_level minimal does not go with another value. */
    private static ReplicationRefusal tooMany(String message) {
        if (message.contains("currently 0")) {
            return new ReplicationRefusal(
                    "replication_off",
                    "The server allows no replication: set wal_level to replica and max_wal_senders to 10 or so, and"
                            + " restart it.",
                    true);
        }
        return new ReplicationRefusal(
                "too_many_connections",
                message.contains("max_wal_senders")
                        ? "Raise max_wal_senders on the server, which needs a restart, or end a replication"
                                + " connection."
                        : "Raise max_connections on the server, which needs a restart, or end a connection.",
                false);
    }
}
