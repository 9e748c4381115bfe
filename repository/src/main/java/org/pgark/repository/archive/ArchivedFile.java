package org.pgark.repository.archive;

import org.pgark.postgres.wal.WalFileName;

/**
 * One line of a listing of the archive.
 *
 * @param name the file's name
 * @param storedBytes its size in the repository in bytes
 */
public record ArchivedFile(WalFileName name, long storedBytes) {}
