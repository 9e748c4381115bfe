package org.pgark.logical.restore;

import org.pgark.logical.archive.Section;
import org.pgark.logical.archive.TocEntry;

/**
 * The rounds in which a restore goes over the entries: privileges come behind all data, as an owner may have taken away his
 * own right to insert; and what runs with others' privileges, or on others' events, comes behind those.
 */
enum RestorePass {
    MAIN,
    PRIVILEGES,
    LAST;

    static RestorePass of(TocEntry entry) {
        if (isPrivileges(entry)) {
            return PRIVILEGES;
        }
        return switch (entry.description()) {
            case "EVENT TRIGGER", "MATERIALIZED VIEW DATA" -> LAST;
            case "COMMENT", "SECURITY LABEL" -> entry.tag().startsWith("EVENT TRIGGER ") ? LAST : MAIN;
            case "STATISTICS DATA" -> entry.section() == Section.POST_DATA ? LAST : MAIN;
            default -> MAIN;
        };
    }

    static boolean isPrivileges(TocEntry entry) {
        return switch (entry.description()) {
            case "ACL", "ACL LANGUAGE", "DEFAULT ACL" -> true;
            default -> false;
        };
    }
}
