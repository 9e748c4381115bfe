package org.pgark.physical.storedbackup;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells how much of an archive was read. */
final class CountedInput extends FilterInputStream {
    private final BackupFindings findings;

    CountedInput(InputStream in, BackupFindings findings) {
        super(in);
        this.findings = findings;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
            findings.advance(1);
        }
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        if (read > 0) {
            findings.advance(read);
        }
        return read;
    }
}
