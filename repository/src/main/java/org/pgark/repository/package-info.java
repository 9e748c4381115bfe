/** TODO room. */
@org.jspecify.annotations.NullMarked
package org.pgark.repository;
