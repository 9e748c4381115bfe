package org.pgark.cli;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.postgres.connection.ConnectionEnvironment;
import org.pgark.repository.Repository;
import org.pgark.repository.SessionProcess;
import org.pgark.repository.writer.SoleWriters;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.TakenNames;

/** Which repositories can only have one writer, and whether this host and user is that. */
final class WritersOfRepositories {
    private WritersOfRepositories() {}

    /** What this user keeps of it on this host. */
    static SoleWriters here() {
        return SoleWriters.in(
                SeenLogs.state(System.getenv(), ConnectionEnvironment.current().home())
                        .resolve("writers"),
                SessionProcess.current().host());
    }

    /** A folder of a store that nobody else uses, for what is tried and deleted again. */
    static ObjectName trialFolder() {
        return new ObjectName("check").child(HexFormat.of().toHexDigits(new SecureRandom().nextLong()));
    }

    /** Whether a store refuses names that are taken: a local directory does, of others it is tried. */
    static boolean refusesTakenNames(ObjectStore store) throws IOException {
        return store.directory().isPresent() || TakenNames.areRefused(store, trialFolder());
    }

    /** Who shall be the only writer of a repository that is made in a store; empty if it may have any number of them. */
    static Optional<SoleWriters> ofNew(ObjectStore store) throws IOException {
        return refusesTakenNames(store) ? Optional.empty() : Optional.of(here());
    }

    /** Says what it means that a new repository has one writer only. */
    static void tell(String place, Output output) {
        output.line("NOTE: " + place
                + " does not refuse names that are taken, so this repository can only have one writer:");
        output.line("      this user on this host. Others can restore from it; what else they try is refused.");
    }

    /** {@code init --take-over}. */
    static void takeOver(RepositoryConfiguration settings, Output output) throws IOException {
        try (ObjectStore store = Repositories.store(settings)) {
            if (Repository.takeOver(store, here(), new SecureRandom())) {
                output.line("this user on this host is the only writer of " + settings.url() + " from now on");
            } else {
                output.line("repository " + settings.url() + " can have any number of writers, nothing is taken over");
            }
        }
    }
}
