/** Functions, procedures and aggregates, and what is made of functions alone: languages, casts, transforms, event triggers. */
@NullMarked
package org.pgark.logical.routine;

import org.jspecify.annotations.NullMarked;
