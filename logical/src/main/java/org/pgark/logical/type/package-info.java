/** Data types: base types and their shells, composite types, enumerations, ranges, domains. */
@NullMarked
package org.pgark.logical.type;

import org.jspecify.annotations.NullMarked;
