package org.pgark.repository.frame;

/** What a frame's bytes are. It tells whoever walks through an object; nobody needs it to read a frame by its address. */
public enum FrameRole {
    /** Bytes of files: of pages, of WAL. */
    DATA(0),
    /** Page maps of files. */
    PAGE_MAP(1),
    /** A part of a stream of sorted entries, or of its index. */
    STREAM(2),
    /** What is known of an archived file. */
    FACTS(3),
    /** What a log entry says. */
    ENTRY(4),
    /** The state of the log after an entry. */
    STATE(5),
    /** The packs that a log entry speaks of. */
    PACK_LIST(6),
    /** Which files the data frames of a pack are of, and the hashes of their pages. */
    CONTENTS(7),
    /** Which frames of packs that were rewritten stand in a pack, and as which. */
    MOVED(8),
    /** What the records of an archived WAL segment change. */
    CHANGES(9);

    private static final FrameRole[] BY_CODE = values();

    private final int code;

    FrameRole(int code) {
        this.code = code;
    }

    /** The number that stands for it in the repository. */
    int code() {
        return code;
    }

    /** The role that {@code code} stands for. */
    static FrameRole ofCode(int code) throws MalformedBytesException {
        if (code >= BY_CODE.length) {
            throw new MalformedBytesException("it has a frame of unknown role " + code);
        }
        return BY_CODE[code];
    }
}
