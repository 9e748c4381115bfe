/** How an operation tells that it did not do what was asked: one class for each exit code that a user can see. */
@org.jspecify.annotations.NullMarked
package org.pgark.physical.failure;
