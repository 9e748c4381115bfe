package org.pgark.repository.manifest;

import java.util.List;

/**
 * A relation by name, with the files that it consists of.
 *
 * @param database the database's name
 * @param schema the schema's name
 * @param name the relation's name
 * @param kind pg_class.relkind, for example {@code r}
 * @param paths the paths in the manifest of its files and of those that belong to it, ascending
 */
public record RelationName(String database, String schema, String name, char kind, List<String> paths) {
    public RelationName {
        paths = List.copyOf(paths);
    }
}
