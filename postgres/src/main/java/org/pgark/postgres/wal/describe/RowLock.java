package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;

/** The bits of {@code infobits_set}, which say how a row is locked. */
final class RowLock {
    private static final String[] NAMES = {"IS_MULTI", "LOCK_ONLY", "EXCL_LOCK", "KEYSHR_LOCK", "KEYS_UPDATED"};

    private RowLock() {}

    /** Up to version 15: each name and a space. */
    static void append(StringBuilder out, int bits) {
        for (int i = 0; i < NAMES.length; i++) {
            if ((bits & 1 << i) != 0) {
                out.append(NAMES[i]).append(' ');
            }
        }
    }

    /** Since version 16: a list under a label. */
    static void append(StringBuilder out, String label, int bits) {
        out.append(label).append(": [");
        String comma = "";
        for (int i = 0; i < NAMES.length; i++) {
            if ((bits & 1 << i) != 0) {
                out.append(comma).append(NAMES[i]);
                comma = ", ";
            }
        }
        out.append(']');
    }

    static boolean isList(PostgresMajor major) {
        return major.compareTo(PostgresMajor.V16) >= 0;
    }
}
