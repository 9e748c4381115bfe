/** Foreign data wrappers, foreign servers and user mappings. */
@NullMarked
package org.pgark.logical.foreign;

import org.jspecify.annotations.NullMarked;
