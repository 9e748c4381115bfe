/**
 * Our own client of PostgreSQL's frontend/backend protocol, version 3.0: what pgjdbc cannot do, or not at full speed.
 *
 * <p>{@link org.pgark.postgres.wire.WireConnection} enters a server by libpq's rules and runs statements in the simple
 * protocol. One statement text leads to an {@link org.pgark.postgres.wire.Exchange} of answers: results, and the three
 * kinds of COPY. COPY data goes through one large buffer, and no object is made for a row. Everything that a server may
 * send is checked before it is believed: a length that cannot be right ends the connection and allocates nothing.
 *
 * <p>Source: chapter "Frontend/Backend Protocol" of PostgreSQL's documentation.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.postgres.wire;
