/** pg_dump: its command line, its connections, and what it writes to where. */
@NullMarked
package org.pgark.cli.dump;

import org.jspecify.annotations.NullMarked;
