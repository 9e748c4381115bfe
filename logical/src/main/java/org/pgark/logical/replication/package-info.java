/** Publications and subscriptions. */
@NullMarked
package org.pgark.logical.replication;

import org.jspecify.annotations.NullMarked;
