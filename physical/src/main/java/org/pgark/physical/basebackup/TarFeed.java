package org.pgark.physical.basebackup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes a tar archive (ustar, as PostgreSQL writes it) in pieces of any size and gives its members to a sink. What follows
 * the last member must be at most the two blocks of zeros that end an archive; servers before 15 send none.
 */
final class TarFeed extends OutputStream {
    static final int BLOCK = 512;
    private static final int LONGEST_TRAILER = 2 * BLOCK;

    private final TarSink sink;
    private final byte[] header = new byte[BLOCK];
    private int headerFilled;
    private long contentLeft;
    private int paddingLeft;
    private boolean inMember;
    private boolean inTrailer;
    private int trailer;

    TarFeed(TarSink sink) {
        super();
        this.sink = sink;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] source, int from, int length) throws IOException {
        int offset = from;
        int end = from + length;
        while (offset < end) {
            int count;
            if (inTrailer) {
                count = end - offset;
                trailer += count;
                if (trailer > LONGEST_TRAILER) {
                    throw new BaseBackupException("tar file trailer exceeds 2 blocks");
                }
            } else if (contentLeft > 0) {
                count = (int) Math.min(contentLeft, end - offset);
                sink.content(source, offset, count);
                contentLeft -= count;
                endMemberIfComplete();
            } else if (paddingLeft > 0) {
                count = Math.min(paddingLeft, end - offset);
                paddingLeft -= count;
            } else {
                count = Math.min(BLOCK - headerFilled, end - offset);
                System.arraycopy(source, offset, header, headerFilled, count);
                headerFilled += count;
                if (headerFilled == BLOCK) {
                    headerFilled = 0;
                    begin();
                }
            }
            offset += count;
        }
    }

    private void begin() throws IOException {
        boolean empty = true;
        for (byte each : header) {
            empty &= each == 0;
        }
        if (empty) {
            inTrailer = true;
            trailer = BLOCK;
            return;
        }
        if (checksum() != number(148, 8)) {
            throw new BaseBackupException("input file does not appear to be a valid tar archive");
        }
        String name = text(0, 100);
        if (name.isEmpty()) {
            throw new BaseBackupException("tar member has empty name");
        }
        long size = number(124, 12);
        TarMember.Kind kind = switch (header[156]) {
            case '0', 0 -> TarMember.Kind.FILE;
            case '5' -> TarMember.Kind.DIRECTORY;
            case '2' -> TarMember.Kind.LINK;
            case 'x', 'g' -> throw new BaseBackupException("pax extensions to tar format are not supported");
            default -> throw new BaseBackupException("tar member \"" + name + "\" is of an unknown kind");
        };
        if (kind != TarMember.Kind.FILE && size != 0) {
            throw new BaseBackupException("tar member \"" + name + "\" is no file but has a size of " + size);
        }
        checkSafe(name);
        sink.begin(new TarMember(
                name,
                size,
                (int) number(100, 8) & 07777,
                kind,
                text(157, 100),
                new TarMember.Stamp((int) number(108, 8), (int) number(116, 8), number(136, 12))));
        inMember = true;
        contentLeft = size;
        paddingLeft = (int) (-size & (BLOCK - 1));
        endMemberIfComplete();
    }

    private void endMemberIfComplete() throws IOException {
        if (inMember && contentLeft == 0) {
            inMember = false;
            sink.end();
        }
    }

    private static void checkSafe(String name) throws BaseBackupException {
        boolean safe = !name.startsWith("/");
        for (String part : name.split("/", -1)) {
            safe &= !part.equals("..");
        }
        if (!safe) {
            throw new BaseBackupException("tar member has unsafe path name: \"" + name + "\"");
        }
    }

    private String text(int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.UTF_8);
    }

    /** Octal digits, or from 8 GiB on base 256 with the highest bit set (big-endian). */
    private long number(int at, int length) throws BaseBackupException {
        long value = 0;
        if ((header[at] & 0x80) != 0) {
            for (int index = at + 1; index < at + length; index++) {
                if (value > Long.MAX_VALUE >> 8) {
                    throw new BaseBackupException("input file does not appear to be a valid tar archive");
                }
                value = value << 8 | (header[index] & 0xFF);
            }
            return value;
        }
        for (int index = at; index < at + length; index++) {
            int digit = header[index] - '0';
            if (digit >= 0 && digit < 8) {
                value = value << 3 | digit;
            } else if (header[index] != ' ' && header[index] != 0) {
                throw new BaseBackupException("input file does not appear to be a valid tar archive");
            }
        }
        return value;
    }

    /** The sum of all bytes, those of the checksum itself taken as blanks. */
    private long checksum() {
        long sum = 8 * ' ';
        for (int index = 0; index < BLOCK; index++) {
            if (index < 148 || index >= 156) {
                sum += header[index] & 0xFF;
            }
        }
        return sum;
    }

    /** Ends the archive. */
    @Override
    public void close() throws IOException {
        if (inMember || headerFilled > 0 || paddingLeft > 0) {
            throw new BaseBackupException("COPY stream ended before last file was finished");
        }
        sink.finish();
    }
}
