/** The installed program against real servers: what a user would do, and what must survive. */
@org.jspecify.annotations.NullMarked
package org.pgark.acceptance;
