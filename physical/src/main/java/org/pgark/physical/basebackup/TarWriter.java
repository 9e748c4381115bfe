package org.pgark.physical.basebackup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/** Writes members as a tar archive, with headers as PostgreSQL's own (port/tar.c). */
final class TarWriter implements TarSink {
    private static final byte[] ZEROS = new byte[2 * TarFeed.BLOCK];
    private static final int OWNER = 04000;
    private static final int GROUP = 02000;

    private final OutputStream out;
    private long written;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    @Override
    public void begin(TarMember member) throws IOException {
        out.write(header(member));
        written = 0;
    }

    @Override
    public void content(byte[] source, int offset, int length) throws IOException {
        out.write(source, offset, length);
        written += length;
    }

    @Override
    public void end() throws IOException {
        out.write(ZEROS, 0, (int) (-written & (TarFeed.BLOCK - 1)));
    }

    @Override
    public void finish() throws IOException {
        out.write(ZEROS, 0, 2 * TarFeed.BLOCK);
        out.close();
    }

    static byte[] header(TarMember member) throws BaseBackupException {
        byte[] header = new byte[TarFeed.BLOCK];
        put(header, 0, 100, member.name());
        octal(header, 100, 8, member.mode());
        octal(header, 108, 8, OWNER);
        octal(header, 116, 8, GROUP);
        octal(header, 124, 12, member.size());
        octal(header, 136, 12, Instant.now().getEpochSecond());
        header[156] = (byte)
                switch (member.kind()) {
                    case FILE -> '0';
                    case DIRECTORY -> '5';
                    case LINK -> '2';
                };
        put(header, 157, 100, member.linkTarget());
        put(header, 257, 6, "ustar");
        put(header, 263, 2, "00");
        put(header, 265, 32, "postgres");
        put(header, 297, 32, "postgres");
        octal(header, 329, 8, 0);
        octal(header, 337, 8, 0);
        long sum = 8 * ' ';
        for (byte each : header) {
            sum += each & 0xFF;
        }
        octal(header, 148, 8, sum);
        return header;
    }

    private static void put(byte[] header, int at, int most, String text) throws BaseBackupException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > most) {
            throw new BaseBackupException("file name too long for tar format: \"" + text + "\"");
        }
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static void octal(byte[] header, int at, int length, long number) {
        long value = number;
        String digits = Long.toOctalString(value);
        if (digits.length() < length) {
            byte[] text = String.format(Locale.ROOT, "%" + (length - 1) + "s", digits)
                    .replace(' ', '0')
                    .getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, header, at, text.length);
            header[at + length - 1] = ' ';
        } else {
            header[at] = (byte) 0x80;
            for (int index = at + length - 1; index > at; index--) {
                header[index] = (byte) value;
                value >>>= 8;
            }
        }
    }
}
