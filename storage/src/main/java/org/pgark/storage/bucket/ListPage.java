package org.pgark.storage.bucket;

import java.util.List;

/**
 * One page of a listing.
 *
 * @param objects in ascending order of keys
 * @param folders what follows the prefix up to the next slash, without it
 * @param next where the next page begins; empty if this is the last one
 */
public record ListPage(List<ListedKey> objects, List<String> folders, String next) {
    public ListPage {
        objects = List.copyOf(objects);
        folders = List.copyOf(folders);
    }
}
