/** pg_restore: its command line, and what it says. */
@NullMarked
package org.pgark.cli.restore;

import org.jspecify.annotations.NullMarked;
