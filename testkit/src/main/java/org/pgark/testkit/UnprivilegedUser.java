package org.pgark.testkit;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A user to whom permission bits apply. Root passes them by, so what tests promise about unreadable files must run as
 * somebody else.
 */
public final class UnprivilegedUser {
    private static final int NOBODY = 65534;

    private final int uid;
    private final int gid;

    private UnprivilegedUser(int uid, int gid) {
        this.uid = uid;
        this.gid = gid;
    }

    /** The user of this process if that is not root, else nobody. */
    public static UnprivilegedUser nobody() throws IOException {
        int own = ownUid();
        return own == 0
                ? new UnprivilegedUser(NOBODY, NOBODY)
                : new UnprivilegedUser(own, (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid"));
    }

    /** The account {@code postgres}, where there is one and this process is root and can become it. */
    public static Optional<UnprivilegedUser> postgres() throws IOException {
        if (ownUid() != 0) {
            return Optional.empty();
        }
        ProgramOutcome uid = ProgramOutcome.of(List.of("id", "-u", "postgres"));
        ProgramOutcome gid = ProgramOutcome.of(List.of("id", "-g", "postgres"));
        return uid.exitStatus() == 0 && gid.exitStatus() == 0
                ? Optional.of(new UnprivilegedUser(
                        Integer.parseInt(uid.output().strip()),
                        Integer.parseInt(gid.output().strip())))
                : Optional.empty();
    }

    /** Its numeric user id. */
    public int uid() {
        return uid;
    }

    /** The command line that runs {@code command} as this user, in the process that is started. */
    public List<String> command(List<String> command) throws IOException {
        List<String> whole = new ArrayList<>();
        if (ownUid() != uid) {
            whole.addAll(List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--"));
        }
        whole.addAll(command);
        return whole;
    }

    /** Runs a program to its end as this user. */
    public ProgramOutcome run(List<String> command) throws IOException {
        return ProgramOutcome.of(command(command));
    }

    /** Gives a file or folder, not what is below it, to this user. */
    public void own(Path path) throws IOException {
        if (ownUid() != uid) {
            UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
            Files.setOwner(path, users.lookupPrincipalByName(Integer.toString(uid)));
        }
    }

    private static int ownUid() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }
}
