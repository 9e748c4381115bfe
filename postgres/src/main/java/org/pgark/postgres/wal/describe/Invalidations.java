package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;

/** Messages that tell other processes what their caches must forget: {@code SharedInvalidationMessage}, 16 bytes each. */
final class Invalidations {
    static final int MESSAGE_BYTES = 16;

    private Invalidations() {}

    /**
     * Appends what the messages say; nothing if there are none.
     *
     * @param withInitFile whether the file with the relation cache's start is to be forgotten as well
     */
    static void append(
            StringBuilder out,
            PostgresMajor major,
            RecordPart data,
            int at,
            int count,
            long database,
            long tablespace,
            boolean withInitFile) {
        if (count <= 0) {
            return;
        }
        if (withInitFile) {
            out.append("; relcache init file inval dbid ")
                    .append(database)
                    .append(" tsid ")
                    .append(tablespace);
        }
        out.append("; inval msgs:");
        for (int i = 0; i < count; i++) {
            appendMessage(out, major, data, at + i * MESSAGE_BYTES);
        }
    }

    private static void appendMessage(StringBuilder out, PostgresMajor major, RecordPart data, int at) {
        int id = data.signedByte(at);
        if (id >= 0) {
            out.append(" catcache ").append(id);
            return;
        }
        switch (id) {
            case -1 -> out.append(" catalog ").append(data.unsignedInt(at + 8));
            case -2 -> out.append(" relcache ").append(data.unsignedInt(at + 8));
            case -3 -> out.append(" smgr");
            case -4 -> out.append(" relmap db ").append(data.unsignedInt(at + 4));
            case -5 -> out.append(" snapshot ").append(data.unsignedInt(at + 8));
            default -> {
                if (id == -6 && major.compareTo(PostgresMajor.V18) >= 0) {
                    out.append(" relsync ").append(data.unsignedInt(at + 8));
                } else {
                    out.append(" unrecognized id ").append(id);
                }
            }
        }
    }
}
