package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The names of the users and groups that own files, looked up once each. */
final class OwnerNames {
    private final Map<Integer, String> users = new TreeMap<>();
    private final Map<Integer, String> groups = new TreeMap<>();

    /** Takes notice of a file's owner. */
    void note(Path file, int user, int group) {
        if (!users.containsKey(user)) {
            users.put(user, name(file, "unix:owner", user));
        }
        if (!groups.containsKey(group)) {
            groups.put(group, name(file, "unix:group", group));
        }
    }

    /** Gives names to numbers that only another host knows. */
    void name(int user, int group, String name) {
        users.putIfAbsent(user, name);
        groups.putIfAbsent(group, name);
    }

    private static String name(Path file, String attribute, int number) {
        try {
            return String.valueOf(Files.getAttribute(file, attribute, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            // The file is gone; the number says as much.
            return Integer.toUnsignedString(number);
        }
    }

    /** The users' names by number. */
    Map<Integer, String> users() {
        return Collections.unmodifiableMap(users);
    }

    /** The groups' names by number. */
    Map<Integer, String> groups() {
        return Collections.unmodifiableMap(groups);
    }
}
