/** Large objects: who owns them, and what they hold. */
@NullMarked
package org.pgark.logical.largeobject;

import org.jspecify.annotations.NullMarked;
