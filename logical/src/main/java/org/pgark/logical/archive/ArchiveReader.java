package org.pgark.logical.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.IntPredicate;

/** An open archive. For one thread at a time; a parallel restore opens it once for each of its workers. */
public sealed interface ArchiveReader extends AutoCloseable
        permits CustomArchiveReader, DirectoryArchiveReader, TarArchiveReader {
    /** What stands before the table of contents. */
    ArchiveHead head();

    /** The table of contents, in the archive's order. */
    List<StoredEntry> entries();

    /** Writes out the data of a table. */
    void readTable(StoredEntry entry, OutputStream out) throws IOException;

    /** Gives out the large objects of an entry. */
    void readLargeObjects(StoredEntry entry, LargeObjectSink sink) throws IOException;

    /** How much data belongs to an entry, in bytes of the archive; 0 where that is not known. */
    long size(StoredEntry entry) throws IOException;

    /**
     * Says which entries' data will be asked for: an archive that can only be read forwards cannot pass by data that is
     * still needed.
     */
    void setNeeded(IntPredicate dumpIds);

    /**
     * The same archive once more, for another thread.
     *
     * @throws ArchiveException if that cannot be
     */
    ArchiveReader again() throws IOException;

    @Override
    void close() throws IOException;
}
