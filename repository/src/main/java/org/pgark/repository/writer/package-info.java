/**
 * Who may write to a repository, where that is not everybody.
 *
 * <p>A place that repositories are copied to by their objects is a copy, until another than who copies writes there.
 *
 * <p>Repositories in places that cannot create an object on the condition that its name is free: they have one writer, who looks
 * whether a name is free before he takes it.
 *
 * <p>Who the writer is stands in the repository, by a random word that he keeps on his host. Whoever is not the writer is
 * refused; one who has been replaced notices it at his next step. On the writer's host processes are kept apart by locks.
 */
@NullMarked
package org.pgark.repository.writer;

import org.jspecify.annotations.NullMarked;
