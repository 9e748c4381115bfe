package org.pgark.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Goes on as the owner of a data directory when root started the command, so that files, peer authentication and the
 * pass file are the owner's.
 */
public final class OwnerSwitch {
    private static final List<Path> SETPRIV = List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"));
    private static final List<Path> RUNUSER = List.of(Path.of("/usr/sbin/runuser"), Path.of("/sbin/runuser"));

    private OwnerSwitch() {}

    /**
     * Starts the same command anew as {@code owner} and never returns, if this process is root and the owner is not;
     * returns at once otherwise.
     *
     * @param arguments what the user typed after {@code pgark}
     */
    public static void become(Owner owner, List<String> arguments) throws IOException {
        if (owner.isRoot() || !Owner.ofThisProcess().isRoot()) {
            return;
        }
        ProcessReplacement.exec(words(owner, arguments), environment(owner));
    }

    /** The same command as {@code owner} would run it, to be started beside this process, which must be root's. */
    public static ProcessBuilder command(Owner owner, List<String> arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words(owner, arguments));
        builder.environment().clear();
        builder.environment().putAll(environment(owner));
        return builder;
    }

    private static List<String> words(Owner owner, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix(owner));
        command.add(
                Path.of(System.getProperty("pgark.home", "."), "bin", "pgark").toString());
        command.addAll(arguments);
        return command;
    }

    private static Map<String, String> environment(Owner owner) {
        Map<String, String> environment = new TreeMap<>(System.getenv());
        owner.home().ifPresent(home -> environment.put("HOME", home.toString()));
        owner.name().ifPresent(name -> {
            environment.put("USER", name);
            environment.put("LOGNAME", name);
        });
        environment.remove("XDG_CACHE_HOME");
        environment.remove("XDG_STATE_HOME");
        return environment;
    }

    private static List<String> prefix(Owner owner) throws IOException {
        for (Path setpriv : SETPRIV) {
            if (Files.isExecutable(setpriv)) {
                return List.of(
                        setpriv.toString(),
                        "--reuid=" + owner.userId(),
                        "--regid=" + owner.groupId(),
                        owner.name().isPresent() ? "--init-groups" : "--clear-groups",
                        "--");
            }
        }
        for (Path runuser : RUNUSER) {
            if (Files.isExecutable(runuser) && owner.name().isPresent()) {
                return List.of(runuser.toString(), "-u", owner.name().get(), "--");
            }
        }
        throw new IOException("cannot go on as user \"" + owner + "\": neither setpriv nor runuser is installed");
    }
}
