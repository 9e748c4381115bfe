package org.pgark.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Objects;
import org.pgark.cli.configuration.ConfigurationException;
import org.pgark.cli.configuration.NoDataDirectoryException;
import org.pgark.cli.configuration.Problem;
import org.pgark.cli.output.Output;
import org.pgark.physical.failure.BusyException;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.connection.ConnectionException;
import org.pgark.postgres.connection.InvalidConnectionSettingsException;
import org.pgark.repository.NoRepositoryException;
import org.pgark.repository.key.KeyException;
import org.pgark.repository.log.RolledBackLogException;
import org.pgark.repository.writer.OtherWriterException;

/** How each failure is told to the user, and with which exit code. */
final class Failures {
    private Failures() {}

    /** Prints the failure and returns the exit code for it. */
    static ExitCode explain(Exception failure, Output output) {
        return switch (failure) {
            case OperationException operation -> {
                output.error(
                        operation.code(), message(operation), operation.hint().orElse(""));
                yield switch (operation) {
                    case FailedException _ -> ExitCode.FAILED;
                    case RefusedException _ -> ExitCode.REFUSED;
                    case BusyException _ -> ExitCode.BUSY;
                };
            }
            case ConfigurationException configuration -> {
                for (Problem problem : configuration.problems()) {
                    output.error("configuration", problem.toString(), problem.hint());
                }
                yield ExitCode.USAGE;
            }
            case InvalidConnectionSettingsException settings -> {
                output.error(
                        "connection_settings",
                        message(settings),
                        settings.hint().orElse(""));
                yield ExitCode.USAGE;
            }
            case ConnectionException connection -> {
                output.error(
                        "connection", message(connection), connection.hint().orElse(""));
                yield ExitCode.FAILED;
            }
            case InterruptedException _ -> {
                output.error("interrupted", "interrupted", "");
                yield ExitCode.INTERRUPTED;
            }
            case SQLException sql -> {
                output.error("sql", message(sql), "");
                yield ExitCode.FAILED;
            }
            case RolledBackLogException rolledBack -> {
                output.error("log_rolled_back", message(rolledBack), rolledBack.hint());
                yield ExitCode.REFUSED;
            }
            case NoRepositoryException other
            when other.isOther() -> {
                output.error(
                        "other_repository",
                        message(other),
                        "Nothing was written to it. If it is the right one, change id in its [repository.NAME].");
                yield ExitCode.REFUSED;
            }
            case KeyException key -> {
                output.error(key.code(), message(key), key.hint());
                yield ExitCode.REFUSED;
            }
            case OtherWriterException other -> {
                output.error("other_writer", message(other), other.hint());
                yield ExitCode.REFUSED;
            }
            case IOException io -> {
                output.error("io", message(io), "");
                yield ExitCode.FAILED;
            }
            case NoDataDirectoryException remote -> {
                output.error(
                        "no_data_directory",
                        message(remote),
                        "Run it on the host of the data directory, with pgdata in the configuration.");
                yield ExitCode.REFUSED;
            }
            default -> {
                output.error(
                        "bug", message(failure), "This is a defect of pgark; PGARK_DEBUG=1 prints where it happened.");
                if (System.getenv("PGARK_DEBUG") != null) {
                    failure.printStackTrace(output.err());
                }
                yield ExitCode.FAILED;
            }
        };
    }

    private static String message(Exception failure) {
        return Objects.requireNonNullElseGet(failure.getMessage(), failure::toString);
    }
}
