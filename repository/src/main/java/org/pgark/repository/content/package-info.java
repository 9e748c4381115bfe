/** Keyed hashes of what stands in packs, by which equal content is known without reading it again. */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.content;
