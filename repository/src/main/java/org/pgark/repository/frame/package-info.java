/**
 * The one container that packs, archived WAL and log entries are written in: a header, compressed frames that each carry
 * a tag, an index of them and a footer.
 *
 * <p>A frame is the unit of reading: its tag is bound to the object's name, the object's id and the frame's number, so
 * that damage, truncation and exchange are found by whoever reads it.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.frame;
