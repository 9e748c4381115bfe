/** What deals with texts: collations, conversions, text search. */
@NullMarked
package org.pgark.logical.text;

import org.jspecify.annotations.NullMarked;
