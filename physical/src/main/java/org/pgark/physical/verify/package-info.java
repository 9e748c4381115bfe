/**
 * Reads back what backups need and says what is not as it was written.
 *
 * <p>Every frame is read once, in the order of the files that use it, its seal and length are checked, and where the
 * cluster has page checksums each page of it as well.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.verify;
