package org.pgark.physical.basebackup;

import java.io.IOException;

/** Takes the members of a tar archive one after another. */
public interface TarSink {
    /** A member begins. */
    void begin(TarMember member) throws IOException;

    /** Some of the member's bytes. */
    void content(byte[] source, int offset, int length) throws IOException;

    /** The member is over. */
    void end() throws IOException;

    /** The archive is over; closes what lies behind. */
    void finish() throws IOException;

    /** A small file as a whole. */
    default void file(String name, byte[] content, boolean groupReads) throws IOException {
        begin(TarMember.file(name, content.length, groupReads));
        content(content, 0, content.length);
        end();
    }
}
