package org.pgark.physical.backup;

import java.io.IOException;

/** A file that shares frames with its neighbours. */
final class SmallReceivedFile implements ReceivedContent {
    private final SourceFile file;
    private final int begin;
    private final PackingQueue queue;
    private final ReceivedBase base;

    SmallReceivedFile(SourceFile file, ReceivedBase base, PackingQueue queue) throws IOException {
        this.file = file;
        this.queue = queue;
        this.base = base;
        this.begin = queue.beginSmall(file.status().size());
    }

    @Override
    public void content(byte[] source, int offset, int length) {
        queue.addSmall(source, offset, length);
    }

    @Override
    public void end() throws IOException {
        KnownFile of = base.of(file);
        queue.endSmall(of, begin, base.stretches(of).upTo(Long.MAX_VALUE), base.elsewhere(file, 0, Long.MAX_VALUE));
    }
}
