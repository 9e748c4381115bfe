/**
 * A write load that remembers, outside of the database, every commit that it was told of, and judges any restored state
 * by that memory: which rows must be there, which must not, and whether the rest is what some moment really looked like.
 *
 * <p>What a client knows of a commit are bounds: PostgreSQL's insert position and clock shortly before and after it. A
 * restored cluster is a prefix of the write-ahead log, so the bounds of each commit decide most rows by themselves, and
 * those that they leave open must still fit to one prefix.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.embedded.ledger;
