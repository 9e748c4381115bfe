/** Standbys that are made of real servers. */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.standby;
