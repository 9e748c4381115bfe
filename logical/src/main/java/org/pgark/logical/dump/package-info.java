/** One dump from connection to the list of entries: session, snapshot, patterns, reading, order, archive entries. */
@NullMarked
package org.pgark.logical.dump;

import org.jspecify.annotations.NullMarked;
