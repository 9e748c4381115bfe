/** What changed in a cluster between two instants, by its WAL. */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.change;
