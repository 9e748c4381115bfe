package org.pgark.logical.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The head of a member of a tar file, 512 bytes in the ustar form (port/tar.c).
 *
 * @param name the member's name, at most 100 bytes
 * @param size its bytes
 */
record TarHeader(String name, long size) {
    static final int BLOCK = 512;

    private static final int NAME_BYTES = 100;
    private static final int MODE = 100;
    private static final int UID = 108;
    private static final int GID = 116;
    private static final int SIZE = 124;
    private static final int TIME = 136;
    private static final int CHECKSUM = 148;
    private static final int TYPE = 156;
    private static final int MAGIC = 257;
    private static final int USER = 265;
    private static final int GROUP = 297;
    private static final int DEVICE_MAJOR = 329;
    private static final int DEVICE_MINOR = 337;

    /** How many bytes fill the last block of so many. */
    static int padding(long size) {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    byte[] toBytes(long secondsSinceEpoch) {
        byte[] block = new byte[BLOCK];
        put(block, 0, name);
        number(block, MODE, 8, 0600);
        number(block, UID, 8, 04000);
        number(block, GID, 8, 02000);
        number(block, SIZE, 12, size);
        number(block, TIME, 12, secondsSinceEpoch);
        block[TYPE] = '0';
        put(block, MAGIC, "ustar\00000");
        put(block, USER, "postgres");
        put(block, GROUP, "postgres");
        number(block, DEVICE_MAJOR, 8, 0);
        number(block, DEVICE_MINOR, 8, 0);
        number(block, CHECKSUM, 8, checksum(block));
        return block;
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    /** Octal digits and a space, or base 256 after a byte 0x80 where the digits are too few. */
    private static void number(byte[] block, int at, int length, long value) {
        int last = at + length - 1;
        long rest = value;
        if (value < 1L << ((length - 1) * 3)) {
            block[last] = ' ';
            for (int index = last - 1; index >= at; index--) {
                block[index] = (byte) ('0' + (rest & 7));
                rest >>= 3;
            }
            return;
        }
        block[at] = (byte) 0x80;
        for (int index = last; index > at; index--) {
            block[index] = (byte) rest;
            rest >>= 8;
        }
    }

    static long number(byte[] block, int at, int length) {
        if ((block[at] & 0xff) == 0x80) {
            long value = 0;
            for (int index = at + 1; index < at + length; index++) {
                value = (value << 8) | (block[index] & 0xff);
            }
            return value;
        }
        long value = 0;
        for (int index = at; index < at + length; index++) {
            byte digit = block[index];
            if (digit >= '0' && digit <= '7') {
                value = (value << 3) | (digit - '0');
            } else if (value != 0 || digit != ' ') {
                break;
            }
        }
        return value;
    }

    /** The sum of all bytes, where those of the sum itself count as spaces. */
    static int checksum(byte[] block) {
        int sum = 8 * ' ';
        for (int index = 0; index < BLOCK; index++) {
            if (index < CHECKSUM || index >= CHECKSUM + 8) {
                sum += block[index] & 0xff;
            }
        }
        return sum;
    }

    static long storedChecksum(byte[] block) {
        return number(block, CHECKSUM, 8);
    }

    /** Whether the block begins a tar file that pg_restore would read. */
    static boolean isValid(byte[] block) {
        if (checksum(block) != storedChecksum(block)) {
            return false;
        }
        String magic = new String(block, MAGIC, 8, StandardCharsets.ISO_8859_1);
        return magic.equals("ustar\00000") || magic.equals("ustar  \0") || magic.equals("ustar00\0");
    }

    static boolean isEmpty(byte[] block) {
        for (byte single : block) {
            if (single != 0) {
                return false;
            }
        }
        return true;
    }

    static TarHeader of(byte[] block) {
        int end = 0;
        while (end < NAME_BYTES && block[end] != 0) {
            end++;
        }
        return new TarHeader(
                new String(Arrays.copyOf(block, end), StandardCharsets.ISO_8859_1), number(block, SIZE, 12));
    }
}
