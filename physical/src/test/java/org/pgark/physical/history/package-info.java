/** Random histories of clusters: every backup must be what a plain copy of the files would have been. */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.history;
