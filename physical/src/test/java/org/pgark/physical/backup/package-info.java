/** Tests of the backup: of its parts without a server, and of the whole on real servers. */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.backup;
