package org.pgark.logical.restore;

import java.io.IOException;
import java.io.OutputStream;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.LargeObjectSink;

/** Brings back the content of one group of large objects, in a transaction. */
final class LargeObjectRestore implements LargeObjectSink {
    private final RestoreTarget target;
    private final RestoreOptions options;
    private final ArchiveMessages messages;
    private final boolean makesThem;
    private int count;

    LargeObjectRestore(RestoreTarget target, RestoreOptions options, ArchiveMessages messages, boolean makesThem) {
        this.target = target;
        this.options = options;
        this.messages = messages;
        this.makesThem = makesThem;
    }

    /** The same without a word on each object. */
    LargeObjectRestore silent() {
        return new LargeObjectRestore(target, options, ArchiveMessages.none(), makesThem);
    }

    private boolean hasOwnTransaction() {
        return !options.has(RestoreSwitch.SINGLE_TRANSACTION) && options.transactionSize() == 0;
    }

    void begin() throws IOException {
        if (hasOwnTransaction()) {
            target.begin("BEGIN;\n\n");
        }
    }

    @Override
    public OutputStream begin(long oid) throws IOException {
        count++;
        messages.info("restoring large object with OID " + oid);
        return makesThem ? target.newLargeObject(oid, options.has(RestoreSwitch.CLEAN)) : target.largeObject(oid);
    }

    void end() throws IOException {
        if (hasOwnTransaction()) {
            target.commit("COMMIT;\n\n");
        }
        messages.info("restored " + count + (count == 1 ? " large object" : " large objects"));
    }

    /** Text that a script has in place of the objects. */
    void text(String text) throws IOException {
        target.sql(text);
    }
}
