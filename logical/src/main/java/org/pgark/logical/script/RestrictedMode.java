package org.pgark.logical.script;

import org.pgark.logical.archive.ArchiveException;

/** The mode in which psql obeys nothing but the command that ends it, with the key that began it. */
final class RestrictedMode {
    private String key = "";

    boolean isOn() {
        return !key.isEmpty();
    }

    void begin(String with) throws ArchiveException {
        if (with.isEmpty()) {
            throw new ArchiveException("\\restrict: missing required argument");
        }
        key = with;
    }

    void end(String with) throws ArchiveException {
        if (!isOn()) {
            throw new ArchiveException("\\unrestrict: not currently in restricted mode");
        }
        if (!key.equals(with)) {
            throw new ArchiveException("\\unrestrict: wrong key");
        }
        key = "";
    }
}
