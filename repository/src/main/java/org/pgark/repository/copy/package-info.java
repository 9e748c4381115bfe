/**
 * Copies from one repository to another: either everything, object by object, so that another place holds the same
 * repository; or one backup into a repository that stands by itself and has keys of its own.
 */
@NullMarked
package org.pgark.repository.copy;

import org.jspecify.annotations.NullMarked;
