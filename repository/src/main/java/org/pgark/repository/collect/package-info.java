/**
 * Collects what no backup needs: finds the frames that are needed, marks packs, deletes them.
 *
 * <p>Packs are marked in one entry of the log and deleted later, so that whoever lost a pack meanwhile finds in the log
 * why, and where its needed frames went.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.collect;
