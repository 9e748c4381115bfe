package org.pgark.physical.backup;

import java.util.Comparator;

/** Orders paths as the bytes of their UTF-8 form are ordered, which is how manifests are sorted. */
enum PathOrder implements Comparator<String> {
    BYTEWISE;

    @Override
    public int compare(String left, String right) {
        int shared = Math.min(left.length(), right.length());
        for (int index = 0; index < shared; index++) {
            char a = left.charAt(index);
            char b = right.charAt(index);
            if (a != b) {
                return Integer.compare(weight(a), weight(b));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /** Surrogates stand for code points above all others, although their own numbers do not. */
    private static int weight(char character) {
        return Character.isSurrogate(character) ? character + 0x10000 : character;
    }
}
