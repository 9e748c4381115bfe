/** The archive of one cluster: its WAL segments and history files, each an object of its own. */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.archive;
