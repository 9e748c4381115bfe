package org.pgark.physical.basebackup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.pgark.physical.receive.SystemMessage;

/** Says which file could not be written, in PostgreSQL's words. */
final class NamedOutput extends FilterOutputStream {
    private final String name;

    /** @param name of the file, or {@code -} for standard output */
    NamedOutput(OutputStream out, String name) {
        super(out);
        this.name = name;
    }

    @Override
    public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        try {
            out.write(source, offset, length);
        } catch (IOException e) {
            throw new BaseBackupException("could not write to file \"" + name + "\": " + SystemMessage.of(e), e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
