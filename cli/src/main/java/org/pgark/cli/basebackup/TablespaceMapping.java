package org.pgark.cli.basebackup;

import java.nio.file.Path;
import java.util.Map;
import org.pgark.cli.upstream.ProgramException;

/** The argument {@code OLDDIR=NEWDIR}, in which {@code \=} stands for an equals sign of a name. */
final class TablespaceMapping {
    private TablespaceMapping() {}

    static void add(Map<Path, Path> mappings, String text) throws ProgramException {
        StringBuilder from = new StringBuilder();
        StringBuilder to = new StringBuilder();
        StringBuilder filled = from;
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '=') {
                continue;
            }
            if (letter == '=' && (i == 0 || text.charAt(i - 1) != '\\')) {
                if (!to.isEmpty()) {
                    throw new ProgramException("multiple \"=\" signs in tablespace mapping");
                }
                filled = to;
            } else {
                filled.append(letter);
            }
        }
        if (from.isEmpty() || to.isEmpty()) {
            throw new ProgramException("invalid tablespace mapping format \"" + text + "\", must be \"OLDDIR=NEWDIR\"");
        }
        Path old = Path.of(from.toString());
        Path fresh = Path.of(to.toString());
        if (!old.isAbsolute()) {
            throw new ProgramException("old directory is not an absolute path in tablespace mapping: " + from);
        }
        if (!fresh.isAbsolute()) {
            throw new ProgramException("new directory is not an absolute path in tablespace mapping: " + to);
        }
        mappings.put(old.normalize(), fresh.normalize());
    }
}
