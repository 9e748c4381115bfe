/**
 * Logical dumps: a database read through its catalogues into objects, ordered by their dependencies, written as a script or an
 * archive, and brought back from it.
 */
@NullMarked
package org.pgark.logical;

import org.jspecify.annotations.NullMarked;
