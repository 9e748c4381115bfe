package org.pgark.logical.restore;

/** Names in comments and lists, where a line end in a name would let the rest of it out as commands. */
final class SafeLine {
    private SafeLine() {}

    static String of(String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }

    static String orHyphen(String text) {
        return text.isEmpty() ? "-" : of(text);
    }
}
