/**
 * What the object services of all vendors have in common: a store over the few calls of a {@link
 * org.pgark.storage.bucket.BucketClient}, with parts that are sent while the object is still being written.
 */
@NullMarked
package org.pgark.storage.bucket;

import org.jspecify.annotations.NullMarked;
