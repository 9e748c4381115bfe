package org.pgark.repository.archive;

import java.util.Optional;

/**
 * What the archive keeps beside a file, in the encodings of whoever put it there.
 *
 * @param facts what is known about the file
 * @param changes what its records change; empty if that was not stored
 */
@SuppressWarnings("ArrayRecordComponent")
public record ArchivedNotes(byte[] facts, Optional<byte[]> changes) {}
