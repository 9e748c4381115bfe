package org.pgark.physical.wal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import org.pgark.physical.failure.FailedException;

/**
 * The folder below which every cluster of a user has its spool. The shell front finds it by the same rules.
 *
 * @param folder absolute
 */
public record SpoolRoot(Path folder) {
    /** The environment variable that names the folder. */
    public static final String VARIABLE = "PGARK_SPOOL";

    private static final Path OF_THE_MACHINE = Path.of("/var/spool/pgark");

    public SpoolRoot {
        Objects.requireNonNull(folder, "folder is null");
        if (!folder.isAbsolute()) {
            throw new IllegalArgumentException("spool folder \"" + folder + "\" is not an absolute path");
        }
    }

    /**
     * The root by the environment: {@code $PGARK_SPOOL}, else {@code /var/spool/pgark} where this user may write to it,
     * else {@code ~/.local/state/pgark/spool}.
     */
    public static SpoolRoot find(Map<String, String> environment, Path home) {
        String chosen = environment.getOrDefault(VARIABLE, "");
        if (!chosen.isEmpty()) {
            return new SpoolRoot(Path.of(chosen));
        }
        if (Files.isDirectory(OF_THE_MACHINE) && Files.isWritable(OF_THE_MACHINE)) {
            return new SpoolRoot(OF_THE_MACHINE);
        }
        return new SpoolRoot(home.resolve(".local/state/pgark/spool"));
    }

    /** The spool of a cluster; nothing is made yet. */
    public Spool spool(String cluster) {
        return new Spool(folder.resolve(cluster));
    }

    /**
     * Lets a front that runs in a data directory find the spool without knowing the cluster's name.
     *
     * @param dataDirectory its real path
     */
    public void link(Path dataDirectory, Spool spool) throws IOException {
        Path place =
                folder.resolve("by-directory" + dataDirectory.toAbsolutePath().normalize());
        Path link = place.resolve(".spool");
        Path aim = spool.folder().toAbsolutePath();
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(aim)) {
            return;
        }
        Files.createDirectories(place, Spool.PRIVATE);
        Path fresh = place.resolve(".spool." + ProcessHandle.current().pid());
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, aim);
        Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Refuses a spool inside the data directory, where a backup would carry it away. */
    public void checkOutside(Path dataDirectory) throws FailedException {
        if (folder.normalize().startsWith(dataDirectory.normalize())) {
            throw new FailedException(
                    "spool_in_data_directory",
                    "spool folder \"" + folder + "\" is inside data directory \"" + dataDirectory + "\"",
                    "Set PGARK_SPOOL to a folder outside of the data directory.");
        }
    }
}
