package org.pgark.physical.backup;

import java.io.IOException;
import java.util.Optional;

/** The changed pages of a file; all others are as the base has them. */
final class ReceivedChanges implements ReceivedContent {
    private final SourceFile source;
    private final ReceivedBase base;
    private final PackingQueue queue;
    private final IncrementalHeader header;
    private Optional<ReceivedChangedPages> pages = Optional.empty();

    /**
     * @param relationSegmentBlocks pages of a relation's file before the next one begins
     */
    ReceivedChanges(SourceFile source, int relationSegmentBlocks, ReceivedBase base, PackingQueue queue) {
        this.source = source;
        this.base = base;
        this.queue = queue;
        this.header = new IncrementalHeader(source.path(), relationSegmentBlocks);
    }

    @Override
    public void content(byte[] bytes, int offset, int length) throws IOException {
        int taken = header.take(bytes, offset, length);
        if (header.isComplete() && pages.isEmpty()) {
            pages = Optional.of(new ReceivedChangedPages(source, header, base, queue));
        }
        if (taken < length) {
            pages.orElseThrow().content(bytes, offset + taken, length - taken);
        }
    }

    @Override
    public void end() throws IOException {
        if (pages.isEmpty()) {
            throw new UnusableChangesException("incremental file of \"" + source.path() + "\" is cut");
        }
        pages.get().end();
    }
}
