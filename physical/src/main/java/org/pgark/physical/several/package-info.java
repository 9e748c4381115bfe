/**
 * Several repositories of one cluster: each is complete by itself and knows nothing of the others. What is archived is
 * read once and sent to all; what one of them lacks it gets afterwards from one that has it.
 *
 * <p>Nothing is written down about who lacks what: the archives are compared, so that whatever was killed, wiped or put
 * back is found out.
 */
@NullMarked
package org.pgark.physical.several;

import org.jspecify.annotations.NullMarked;
