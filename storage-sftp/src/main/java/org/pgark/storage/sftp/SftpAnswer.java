package org.pgark.storage.sftp;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One packet from the server.
 *
 * @param type what kind of answer
 * @param fields what follows type and number, big-endian
 */
record SftpAnswer(int type, ByteBuffer fields) {
    static final int VERSION = 2;
    static final int STATUS = 101;
    static final int HANDLE = 102;
    static final int DATA = 103;
    static final int NAMES = 104;
    static final int ATTRIBUTES = 105;

    private static final int HAS_SIZE = 1;
    private static final int HAS_OWNER = 2;
    private static final int HAS_PERMISSIONS = 4;
    private static final int HAS_TIMES = 8;
    private static final int HAS_EXTENDED = 0x8000_0000;

    /**
     * Makes sure that the answer is of a type.
     *
     * @throws SftpStatus if the server refused
     */
    SftpAnswer expect(int wanted) throws IOException {
        if (type == STATUS && wanted != STATUS) {
            throw status();
        }
        if (type != wanted) {
            throw new IOException("the server answered with type " + type + " instead of " + wanted);
        }
        return this;
    }

    /**
     * Makes sure that the server did what was asked.
     *
     * @throws SftpStatus if it did not
     */
    void expectDone() throws IOException {
        expect(STATUS);
        SftpStatus status = status();
        if (status.code() != SftpStatus.OK) {
            throw status;
        }
    }

    private SftpStatus status() throws IOException {
        int code = number();
        return new SftpStatus(code, fields.hasRemaining() ? text() : "");
    }

    int number() throws IOException {
        try {
            return fields.getInt();
        } catch (BufferUnderflowException e) {
            throw new IOException("the server's answer ends too early", e);
        }
    }

    byte[] bytes() throws IOException {
        int length = number();
        if (length < 0 || length > fields.remaining()) {
            throw new IOException("the server's answer ends too early");
        }
        byte[] bytes = new byte[length];
        fields.get(bytes);
        return bytes;
    }

    String text() throws IOException {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    SftpAttributes attributes() throws IOException {
        try {
            int flags = fields.getInt();
            long size = (flags & HAS_SIZE) != 0 ? fields.getLong() : -1;
            if ((flags & HAS_OWNER) != 0) {
                fields.getLong();
            }
            int mode = (flags & HAS_PERMISSIONS) != 0 ? fields.getInt() : 0;
            long modified = 0;
            if ((flags & HAS_TIMES) != 0) {
                fields.getInt();
                modified = Integer.toUnsignedLong(fields.getInt());
            }
            if ((flags & HAS_EXTENDED) != 0) {
                for (int pairs = fields.getInt(); pairs > 0; pairs--) {
                    bytes();
                    bytes();
                }
            }
            return new SftpAttributes(size, mode, modified);
        } catch (BufferUnderflowException e) {
            throw new IOException("the server's answer ends too early", e);
        }
    }
}
