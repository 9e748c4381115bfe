package org.pgark.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.cli.process.Owner;
import org.pgark.physical.failure.RefusedException;
import org.pgark.physical.restore.RestorePlan;

/** Whose files a restore by root writes: those of the cluster's owner, as far as this host knows it. */
final class RestoreOwner {
    private RestoreOwner() {}

    /** The owner of the directory that is there, else the one of the backup by name, else {@code postgres}. */
    static Owner of(RestorePlan plan, Optional<Path> configured) throws IOException, RefusedException {
        List<Path> known = new ArrayList<>(List.of(plan.request().to()));
        configured.ifPresent(known::add);
        for (Path directory : known) {
            if (Files.isDirectory(directory) && !Owner.of(directory).isRoot()) {
                return Owner.of(directory);
            }
        }
        List<String> names = new ArrayList<>(plan.backup().server().users().values());
        if (names.equals(List.of("root"))) {
            return Owner.ofThisProcess();
        }
        names.add("postgres");
        for (String name : names) {
            Optional<Owner> owner = Owner.named(name);
            if (owner.isPresent() && !owner.get().isRoot()) {
                return owner.get();
            }
        }
        throw new RefusedException(
                "no_owner",
                "this host has none of the users that the files belonged to: " + String.join(", ", names),
                "Make the directory \"" + plan.request().to()
                        + "\" and give it to the user that the server will run as.");
    }

    /** Every directory that the restore writes into. */
    static List<Path> directories(RestorePlan plan) {
        List<Path> directories = new ArrayList<>(List.of(plan.request().to()));
        plan.backup().server().tablespaces().forEach(tablespace -> {
            Path place = Path.of(tablespace.path());
            directories.add(plan.request().tablespaces().getOrDefault(place, place));
        });
        plan.request().configTo().ifPresent(directories::add);
        return directories;
    }
}
