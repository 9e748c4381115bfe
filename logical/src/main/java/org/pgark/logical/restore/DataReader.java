package org.pgark.logical.restore;

import java.io.IOException;
import java.io.OutputStream;

/** Where a restore's data comes from. */
interface DataReader {
    /** Writes out the data of a table. */
    void readTable(RestoreItem item, OutputStream out) throws IOException;

    /** Restores the large objects of an item. */
    void readLargeObjects(RestoreItem item, LargeObjectRestore restore) throws IOException;
}
