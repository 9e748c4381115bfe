/**
 * What a dump is made of: the objects of a database, read from its catalogues with set-based queries inside one snapshot.
 *
 * <p>A {@link org.pgark.logical.catalog.DumpObject} is one object that a dump may hold: it knows its catalogue id, name, schema,
 * which of its {@link org.pgark.logical.catalog.Components} are wanted, what it depends on, where it sorts, and how to write
 * itself as entries of an archive. A {@link org.pgark.logical.catalog.CatalogKind} reads all objects of one kind.
 *
 * <h2>How to add a kind</h2>
 *
 * <ol>
 *   <li>Write a class for the object: {@code final class Collation extends DumpObject}. Its constructor names the
 *       {@link org.pgark.logical.catalog.ObjectKind} (which carries the sort priority); {@code breakTie} compares what the kind
 *       has beyond schema and name; {@code write(EntryWriter)} makes its entries, and is only called when a component is wanted.
 *   <li>Write a class for its reading: {@code public final class CollationKind implements CatalogKind}. One query with the server's
 *       version as a parameter ({@code reading.server()}, 100000 and above) brings everything that the SQL needs, for all objects
 *       at once: never a query per object. What is costly to compute (pg_get_functiondef and the like) is asked for in a second
 *       query over the objects that were chosen ({@code reading.session().rows(sql with = ANY(...))}).
 *       For each row: make the object, {@code reading.catalog().add(it)} (gives the dump id), then
 *       {@code reading.selection().select(it)} or a rule of its own (which begins with {@code adoptExtensionMembership}).
 *   <li>Put it into {@code DatabaseReading.KINDS}, whose order is the order of reading and hence of dump ids: an object that is
 *       looked up (a type's functions) must have been read before.
 *   <li>Edges of pg_depend are added for every object of the catalogue; a kind adds only those that pg_depend lacks
 *       ({@code object.dependOn(other)}).
 *   <li>Text that follows the emulated version (option --compat) asks {@code writer.emulated()}, never the server's version;
 *       what the server has asks {@code reading.server()}.
 *   <li>After its entry an object calls {@code writer.comment}, {@code writer.securityLabels} and {@code writer.privileges} in
 *       this order; each looks at the components wanted and at the options itself.
 * </ol>
 */
@NullMarked
package org.pgark.logical.catalog;

import org.jspecify.annotations.NullMarked;
