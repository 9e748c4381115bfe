package org.pgark.physical.wal;

/**
 * What was fetched.
 *
 * @param size in bytes
 * @param growing whether it is a segment of which more may come, with zeros behind what there was of it: nobody may be given
 *     it later than he asked for it
 */
public record FetchedWal(long size, boolean growing) {}
