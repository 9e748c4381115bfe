/** Packs: write-once objects of some tens of MiB that hold many frames, and the reading of single frames from them. */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.pack;
