package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is said about objects elsewhere than in their own catalogue: comments, security labels, initial privileges. */
public final class Annotations {
    private final Map<CatalogId, SortedMap<Integer, String>> comments = new HashMap<>();
    private final Map<CatalogId, List<Label>> labels = new HashMap<>();
    private final Map<CatalogId, String> initialPrivileges = new HashMap<>();

    /**
     * A security label.
     *
     * @param part number of the column, 0 for the object itself
     */
    public record Label(int part, String provider, String label) {}

    void comment(CatalogId id, int part, String text) {
        comments.computeIfAbsent(id, key -> new TreeMap<>()).put(part, text);
    }

    void label(CatalogId id, Label label) {
        labels.computeIfAbsent(id, key -> new ArrayList<>()).add(label);
    }

    /** Says which privileges an object had when initdb or its extension had made it. */
    void initialPrivileges(CatalogId id, String acl) {
        initialPrivileges.put(id, acl);
    }

    /** Comments of an object by number of the column, 0 for the object itself. */
    public SortedMap<Integer, String> comments(CatalogId id) {
        return comments.getOrDefault(id, Collections.emptySortedMap());
    }

    public List<Label> labels(CatalogId id) {
        return labels.getOrDefault(id, List.of());
    }

    public Optional<String> initialPrivileges(CatalogId id) {
        return Optional.ofNullable(initialPrivileges.get(id));
    }
}
