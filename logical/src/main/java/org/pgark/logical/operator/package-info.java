/** Operators, operator classes and families, and access methods. */
@NullMarked
package org.pgark.logical.operator;

import org.jspecify.annotations.NullMarked;
