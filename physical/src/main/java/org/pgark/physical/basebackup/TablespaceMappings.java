package org.pgark.physical.basebackup;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where tablespaces go, by where they are on the server. */
public final class TablespaceMappings {
    private final Map<String, String> newByOld = new LinkedHashMap<>();

    /**
     * Adds {@code OLDDIR=NEWDIR}; an equals sign inside a directory's name has a backslash before it.
     *
     * @throws IllegalArgumentException with pg_basebackup's message
     */
    public void add(String text) {
        StringBuilder old = new StringBuilder();
        StringBuilder changed = new StringBuilder();
        boolean behindSign = false;
        for (int index = 0; index < text.length(); index++) {
            char letter = text.charAt(index);
            if (letter == '\\' && index + 1 < text.length() && text.charAt(index + 1) == '=') {
                (behindSign ? changed : old).append('=');
                index++;
            } else if (letter == '=') {
                if (behindSign) {
                    throw new IllegalArgumentException("multiple \"=\" signs in tablespace mapping");
                }
                behindSign = true;
            } else {
                (behindSign ? changed : old).append(letter);
            }
        }
        if (old.isEmpty() || changed.isEmpty()) {
            throw new IllegalArgumentException(
                    "invalid tablespace mapping format \"" + text + "\", must be \"OLDDIR=NEWDIR\"");
        }
        if (old.charAt(0) != '/') {
            throw new IllegalArgumentException("old directory is not an absolute path in tablespace mapping: " + old);
        }
        if (changed.charAt(0) != '/') {
            throw new IllegalArgumentException(
                    "new directory is not an absolute path in tablespace mapping: " + changed);
        }
        newByOld.putIfAbsent(canonical(old.toString()), canonical(changed.toString()));
    }

    String apply(String directory) {
        return newByOld.getOrDefault(canonical(directory), directory);
    }

    private static String canonical(String directory) {
        return Path.of(directory).normalize().toString();
    }
}
