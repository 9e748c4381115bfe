package org.pgark.repository.archive;

import java.time.Instant;

/**
 * What the archive knows of a file without reading its content.
 *
 * @param sha256 64 hexadecimal digits, over the raw bytes
 * @param size the raw size in bytes
 * @param archived when it was put there
 */
public record ArchivedContent(String sha256, long size, Instant archived) {}
