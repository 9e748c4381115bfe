/**
 * What the log says about backups beyond that they exist: that they are wanted, that they were checked, what is damaged and
 * which WAL is gone.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.care;
