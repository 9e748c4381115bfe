/**
 * Pages of relation files: their checksums, and whether a page that was read is sound, new, torn or damaged.
 *
 * <p>Sources: storage/checksum_impl.h and storage/bufpage.h of PostgreSQL 13 to 18.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.postgres.page;
