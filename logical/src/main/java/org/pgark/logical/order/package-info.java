/** The order of a dump: by kind and name, then by dependencies, with loops broken where PostgreSQL has a way to break them. */
@NullMarked
package org.pgark.logical.order;

import org.jspecify.annotations.NullMarked;
