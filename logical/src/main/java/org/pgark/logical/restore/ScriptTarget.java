package org.pgark.logical.restore;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.NameQuoting;

/** Writes a script for psql. */
final class ScriptTarget implements RestoreTarget {
    /** LOBBUFSIZE of pg_backup_archiver.h. */
    private static final int LARGE_OBJECT_PIECE = 16384;

    private static final int WRITING = 0x20000;

    private final OutputStream out;
    private final Charset charset;
    private final RestoreOptions options;
    private final String restrictKey;
    private final boolean standardStrings;

    ScriptTarget(OutputStream out, Charset charset, RestoreOptions options, boolean standardStrings) {
        this.out = out;
        this.charset = charset;
        this.options = options;
        this.restrictKey = options.restrictKey();
        this.standardStrings = standardStrings;
    }

    @Override
    public boolean isServer() {
        return false;
    }

    @Override
    public boolean knowsTransactionTimeout() {
        return true;
    }

    @Override
    public void comment(String text) throws IOException {
        write(text);
    }

    @Override
    public void sql(String text) throws IOException {
        write(text);
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(charset));
    }

    @Override
    public void setting(String statement, String end, String failure, boolean fatal) throws IOException {
        write(statement + end);
    }

    @Override
    public void begin(String text) throws IOException {
        write(text);
    }

    @Override
    public void commit(String text) throws IOException {
        write(text);
    }

    /** The way out of restricted mode must stay this narrow: nothing but the name gets in. */
    @Override
    public void connect(String database) throws IOException {
        if (!restrictKey.isEmpty()) {
            write("\\unrestrict " + restrictKey + "\n");
        }
        write(connectCommand(database));
        if (!restrictKey.isEmpty()) {
            write("\\restrict " + restrictKey + "\n\n");
        }
    }

    private String connectCommand(String database) throws ArchiveException {
        if (database.indexOf('\n') >= 0 || database.indexOf('\r') >= 0) {
            throw new ArchiveException("database name contains a newline or carriage return: \"" + database + "\"");
        }
        if (database.matches("[a-zA-Z0-9_.]*")) {
            return "\\connect " + options.quoting().quoted(database) + "\n";
        }
        String value = "'" + database.replace("\\", "\\\\").replace("'", "\\'") + "'";
        return "\\encoding SQL_ASCII\n\\connect -reuse-previous=on "
                + NameQuoting.WHERE_NEEDED.quoted("dbname=" + value) + "\n";
    }

    @Override
    public void copy(String statement, String table, Content content) throws IOException {
        write(statement);
        content.write(open());
    }

    @Override
    public void commands(Content content) throws IOException {
        content.write(open());
    }

    /** What writes data may close its stream; the script goes on. */
    private OutputStream open() {
        return new OutputStream() {
            @Override
            public void write(int single) throws IOException {
                out.write(single);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                out.write(source, offset, length);
            }
        };
    }

    @Override
    public OutputStream largeObject(long oid) throws IOException {
        write("SELECT pg_catalog.lo_open('" + oid + "', " + WRITING + ");\n");
        return new LargeObjectText();
    }

    @Override
    public OutputStream newLargeObject(long oid, boolean drop) throws IOException {
        if (drop) {
            write(LargeObjectCommands.dropIfExists(oid));
        }
        write("SELECT pg_catalog.lo_open(pg_catalog.lo_create('" + oid + "'), " + WRITING + ");\n");
        return new LargeObjectText();
    }

    @Override
    public void enter(RestoreItem item) {
        // A script does not fail.
    }

    @Override
    public boolean hasFailed(RestoreItem item) {
        return false;
    }

    private final class LargeObjectText extends OutputStream {
        private final byte[] piece = new byte[LARGE_OBJECT_PIECE];
        private int filled;
        private boolean closed;

        @Override
        public void write(int single) throws IOException {
            if (filled == piece.length) {
                send();
            }
            piece[filled++] = (byte) single;
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            int position = offset;
            int left = length;
            while (left > 0) {
                if (filled == piece.length) {
                    send();
                }
                int count = Math.min(left, piece.length - filled);
                System.arraycopy(source, position, piece, filled, count);
                filled += count;
                position += count;
                left -= count;
            }
        }

        private void send() throws IOException {
            if (filled > 0) {
                String hex = HexFormat.of().formatHex(piece, 0, filled);
                out.write(("SELECT pg_catalog.lowrite(0, '" + (standardStrings ? "\\x" : "\\\\x") + hex + "');\n")
                        .getBytes(StandardCharsets.US_ASCII));
                filled = 0;
            }
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                send();
                ScriptTarget.this.write("SELECT pg_catalog.lo_close(0);\n\n");
            }
        }
    }
}
