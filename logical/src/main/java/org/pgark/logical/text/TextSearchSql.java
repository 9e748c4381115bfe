package org.pgark.logical.text;

import org.pgark.logical.catalog.EntryWriter;

/** What stands between the parentheses of CREATE TEXT SEARCH, and the statements after it. */
@FunctionalInterface
interface TextSearchSql {
    /** The text from the first property on. */
    String body(EntryWriter writer, String qualifiedName);
}
