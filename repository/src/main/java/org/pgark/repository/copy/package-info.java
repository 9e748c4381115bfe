/** Makes another place hold the same repository, object by object, so that a restore can do without the first one. */
@NullMarked
package org.pgark.repository.copy;

import org.jspecify.annotations.NullMarked;
