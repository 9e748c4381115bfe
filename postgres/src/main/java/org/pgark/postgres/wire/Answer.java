package org.pgark.postgres.wire;

/** One of the answers to a statement text. */
public sealed interface Answer permits QueryResult, RowStream, CopyOut, CopyIn, CopyBoth {}
