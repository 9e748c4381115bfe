package org.pgark.physical.basebackup;

import java.io.IOException;

/** Adds to the members of a data directory what makes a standby of it: lines of postgresql.auto.conf, standby.signal. */
final class RecoveryInjector implements TarSink {
    private static final String CONFIGURATION = "postgresql.auto.conf";
    private static final String SIGNAL = "standby.signal";

    private final TarSink next;
    private final byte[] lines;
    private final boolean groupReads;
    private boolean skipping;
    private boolean inConfiguration;
    private boolean done;

    RecoveryInjector(TarSink next, byte[] lines, boolean groupReads) {
        this.next = next;
        this.lines = lines;
        this.groupReads = groupReads;
    }

    @Override
    public void begin(TarMember member) throws IOException {
        skipping = member.name().equals(SIGNAL);
        inConfiguration = member.name().equals(CONFIGURATION);
        done |= inConfiguration;
        if (!skipping) {
            next.begin(inConfiguration ? member.withSize(member.size() + lines.length) : member);
        }
    }

    @Override
    public void content(byte[] source, int offset, int length) throws IOException {
        if (!skipping) {
            next.content(source, offset, length);
        }
    }

    @Override
    public void end() throws IOException {
        if (inConfiguration) {
            next.content(lines, 0, lines.length);
        }
        if (!skipping) {
            next.end();
        }
    }

    @Override
    public void finish() throws IOException {
        if (!done) {
            next.file(CONFIGURATION, lines, groupReads);
        }
        next.file(SIGNAL, new byte[0], groupReads);
        next.finish();
    }
}
