/** Tests of what is known about changes. */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.change;
