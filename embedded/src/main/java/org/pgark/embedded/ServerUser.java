package org.pgark.embedded;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** As whom server programs run, since PostgreSQL refuses to be root. */
public enum ServerUser {
    /** The user of this process, who is not root. */
    MYSELF(List.of()),
    /** Root without root's rights, in a user namespace of its own: needs no account, and the files stay root's. */
    NAMESPACE(List.of("unshare", "--user", "--")),
    /** The account {@code postgres}, for a root that may not make namespaces. */
    POSTGRES_ACCOUNT(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"));

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable, which its type does not say
    private final List<String> prefix;

    ServerUser(List<String> prefix) {
        this.prefix = prefix;
    }

    /**
     * The way that is open to this process.
     *
     * @throws ServerException if it is root and there is none
     */
    public static ServerUser ofThisProcess() throws IOException {
        if (!isRoot()) {
            return MYSELF;
        }
        for (ServerUser user : List.of(NAMESPACE, POSTGRES_ACCOUNT)) {
            if (ServerProgram.succeeds(user.command(List.of("true")))) {
                return user;
            }
        }
        throw new ServerException("PostgreSQL does not run as root, and this root can neither make a user namespace "
                + "(unshare --user) nor become the account postgres (setpriv)");
    }

    /** The command line that runs {@code command} as this user, in the process that is started. */
    public List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return whole;
    }

    /** Gives a file or folder that this process made to the user, as far as that is somebody else. */
    public void own(Path path) throws IOException {
        if (this == POSTGRES_ACCOUNT) {
            Files.setOwner(
                    path,
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
    }

    static boolean isRoot() throws IOException {
        return ownUid() == 0;
    }

    static int ownUid() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }
}
