package org.pgark.physical.restore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.manifest.FileAttributes;

/**
 * Gives restored files their owners and modes. Thread-safe.
 *
 * <p>Owners are changed only by root: to those that were asked for, else to the users and groups that have on this host
 * the names that the backup knows, else to the backup's numbers.
 */
final class Ownership {
    private static final int WRITABLE_FILE = 0600;
    private static final int WRITABLE_DIRECTORY = 0700;
    private static final int PERMISSIONS = 0777;

    private static final Map<PosixFilePermission, Integer> BITS = Map.of(
            PosixFilePermission.OWNER_READ, 0400,
            PosixFilePermission.OWNER_WRITE, 0200,
            PosixFilePermission.OWNER_EXECUTE, 0100,
            PosixFilePermission.GROUP_READ, 0040,
            PosixFilePermission.GROUP_WRITE, 0020,
            PosixFilePermission.GROUP_EXECUTE, 0010,
            PosixFilePermission.OTHERS_READ, 0004,
            PosixFilePermission.OTHERS_WRITE, 0002,
            PosixFilePermission.OTHERS_EXECUTE, 0001);

    private final BackupRecord.Server server;
    private final Optional<OwnerNumbers> fixed;
    private final boolean mayGiveAway;
    private final int masked;
    private final Map<Integer, UserPrincipal> users = new ConcurrentHashMap<>();
    private final Map<Integer, GroupPrincipal> groups = new ConcurrentHashMap<>();

    /**
     * Prepares for one restore.
     *
     * @param masked the permission bits that new files do not get in this process (umask)
     */
    Ownership(BackupRecord.Server server, Optional<OwnerNumbers> fixed, boolean mayGiveAway, int masked) {
        this.server = server;
        this.fixed = fixed;
        this.mayGiveAway = mayGiveAway;
        this.masked = masked;
    }

    /** Whether this process runs as root. */
    static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return System.getProperty("user.name", "").equals("root");
        }
    }

    /** The mode with which to create a file so that it can be written to. */
    static Set<PosixFilePermission> newFile(FileAttributes attributes) {
        return permissions(attributes.mode() | WRITABLE_FILE);
    }

    /** The mode with which to create a directory so that it can be filled. */
    static Set<PosixFilePermission> newDirectory(FileAttributes attributes) {
        return permissions(attributes.mode() | WRITABLE_DIRECTORY);
    }

    /** Finishes a file that was created with {@link #newFile} and is written. */
    void settleNewFile(Path place, FileAttributes attributes) throws IOException {
        giveAway(place, attributes);
        if (((attributes.mode() | WRITABLE_FILE) & ~masked & PERMISSIONS) != (attributes.mode() & PERMISSIONS)) {
            Files.setPosixFilePermissions(place, permissions(attributes.mode()));
        }
    }

    /** Sets owner and mode of a file or directory, whatever they are now. */
    void settle(Path place, FileAttributes attributes) throws IOException {
        giveAway(place, attributes);
        Files.setPosixFilePermissions(place, permissions(attributes.mode()));
    }

    /** Sets the owner of a file, a directory or a link itself. */
    void giveAway(Path place, FileAttributes attributes) throws IOException {
        if (!mayGiveAway) {
            return;
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(place, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        // Asking for the owner first would cost a look-up of its name for each file.
        view.setOwner(users.computeIfAbsent(attributes.user(), this::user));
        view.setGroup(groups.computeIfAbsent(attributes.group(), this::group));
    }

    private UserPrincipal user(int number) {
        return byNameOrNumber(
                fixed.map(OwnerNumbers::user).orElse(number),
                fixed.isPresent() ? Map.of() : server.users(),
                UserPrincipalLookupService::lookupPrincipalByName);
    }

    private GroupPrincipal group(int number) {
        return byNameOrNumber(
                fixed.map(OwnerNumbers::group).orElse(number),
                fixed.isPresent() ? Map.of() : server.groups(),
                UserPrincipalLookupService::lookupPrincipalByGroupName);
    }

    private interface Lookup<T> {
        T of(UserPrincipalLookupService accounts, String nameOrNumber) throws IOException;
    }

    private static <T> T byNameOrNumber(int number, Map<Integer, String> names, Lookup<T> lookup) {
        UserPrincipalLookupService accounts =
                java.nio.file.FileSystems.getDefault().getUserPrincipalLookupService();
        String text = Integer.toUnsignedString(number);
        try {
            try {
                return lookup.of(accounts, names.getOrDefault(number, text));
            } catch (UserPrincipalNotFoundException e) {
                return lookup.of(accounts, text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lower nine bits as a set. */
    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        BITS.forEach((permission, bit) -> {
            if ((mode & bit) != 0) {
                permissions.add(permission);
            }
        });
        return permissions;
    }

    /** A set as the lower nine bits. */
    static int mode(Set<PosixFilePermission> permissions) {
        return permissions.stream().mapToInt(BITS::get).sum();
    }
}
