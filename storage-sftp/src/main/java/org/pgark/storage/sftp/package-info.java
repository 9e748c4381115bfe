/**
 * Repositories on hosts that speak SFTP. The library carries SSH; version 3 of the file transfer protocol over it is spoken
 * here, since durable and conditional creation need extensions of OpenSSH that the library does not call.
 */
@NullMarked
package org.pgark.storage.sftp;

import org.jspecify.annotations.NullMarked;
