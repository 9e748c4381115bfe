package org.pgark.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A user of this host, by number, and by name where it has an account.
 *
 * @param userId the user's number
 * @param groupId the group's number
 * @param name the account's name, if there is one
 * @param home the account's home folder, if there is one
 */
public record Owner(int userId, int groupId, Optional<String> name, Optional<Path> home) {
    /** The user that this process runs as. */
    public static Owner ofThisProcess() throws IOException {
        return of(Path.of("/proc/self"));
    }

    /** The owner of a file or folder. */
    public static Owner of(Path path) throws IOException {
        int userId = (Integer) Files.getAttribute(path, "unix:uid");
        int groupId = (Integer) Files.getAttribute(path, "unix:gid");
        return withAccount(userId, groupId);
    }

    /** The account of this name. */
    public static Optional<Owner> named(String name) throws IOException {
        for (String[] fields : accounts()) {
            if (fields[0].equals(name)) {
                return Optional.of(withAccount(Integer.parseInt(fields[2]), Integer.parseInt(fields[3])));
            }
        }
        return Optional.empty();
    }

    private static Owner withAccount(int userId, int groupId) throws IOException {
        for (String[] fields : accounts()) {
            if (fields[2].equals(Integer.toString(userId))) {
                return new Owner(userId, groupId, Optional.of(fields[0]), Optional.of(Path.of(fields[5])));
            }
        }
        return new Owner(userId, groupId, Optional.empty(), Optional.empty());
    }

    private static java.util.List<String[]> accounts() throws IOException {
        Path file = Path.of("/etc/passwd");
        if (!Files.isReadable(file)) {
            return java.util.List.of();
        }
        return Files.readAllLines(file).stream()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= 7)
                .toList();
    }

    /** Whether this is the superuser of the host. */
    public boolean isRoot() {
        return userId == 0;
    }

    /** Makes this user the owner of a file or folder; needs root. */
    public void takeOver(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", userId, java.nio.file.LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", groupId, java.nio.file.LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public String toString() {
        return name.orElseGet(() -> Integer.toString(userId));
    }
}
