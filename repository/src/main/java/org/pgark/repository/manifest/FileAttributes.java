package org.pgark.repository.manifest;

import java.time.Instant;

/**
 * Who owns a file and who may do what with it.
 *
 * @param mode the permission bits, 0 to 07777
 * @param user the owner's number; its name is in the backup's record
 * @param group the group's number; its name is in the backup's record
 * @param modified when the content was last changed
 */
public record FileAttributes(int mode, int user, int group, Instant modified) {
    public FileAttributes {
        if (mode < 0 || mode > 07777) {
            throw new IllegalArgumentException("invalid mode " + Integer.toOctalString(mode));
        }
    }
}
