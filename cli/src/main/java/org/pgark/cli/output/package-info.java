/** What the user sees: tables, JSON, progress, and words for sizes, spans and instants. */
@org.jspecify.annotations.NullMarked
package org.pgark.cli.output;
