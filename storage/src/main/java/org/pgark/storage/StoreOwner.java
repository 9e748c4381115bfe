package org.pgark.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Gives what root makes in a local store to the store's owner, whose processes could not read it otherwise. Does nothing
 * where somebody else makes it.
 */
final class StoreOwner {
    private static final String USER = "unix:uid";
    private static final String GROUP = "unix:gid";

    private final Path root;

    StoreOwner(Path root) {
        this.root = root;
    }

    /** Hands over a file or folder that was made a moment ago. */
    void handOver(Path made) {
        try {
            Object maker = Files.getAttribute(made, USER, LinkOption.NOFOLLOW_LINKS);
            if (!maker.equals(0) || made.equals(root) || !Files.isDirectory(root)) {
                return;
            }
            Object owner = Files.getAttribute(root, USER);
            if (!owner.equals(maker)) {
                Files.setAttribute(made, GROUP, Files.getAttribute(root, GROUP), LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(made, USER, owner, LinkOption.NOFOLLOW_LINKS);
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // A file system without owners, or a user namespace that does not know this one: it stays the maker's.
            return;
        }
    }
}
