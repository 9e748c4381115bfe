package org.pgark.physical.backup;

import java.time.Duration;

/**
 * What a backup took.
 *
 * @param files how many files it holds
 * @param rawBytes their size in bytes
 * @param zeroBytes how many of these bytes stood in stretches of zeros that were not stored
 * @param storedBytes what it added to the repository in bytes, WAL apart
 * @param vanishedFiles how many files were gone before they could be read
 * @param pagesChecked how many pages had their checksum computed
 * @param pagesReadAgain how many pages had to be read more than once
 * @param unexplainedPages how many pages were not as the backup before has them, though nothing says that they changed
 * @param start from the beginning to the end of the checkpoint
 * @param copy while files were copied
 * @param archive while missing WAL was waited for
 */
public record BackupStatistics(
        long files,
        long rawBytes,
        long zeroBytes,
        long storedBytes,
        long vanishedFiles,
        long pagesChecked,
        long pagesReadAgain,
        long unexplainedPages,
        Duration start,
        Duration copy,
        Duration archive) {}
