/** The numbered log: entries that are created once, each bound to the one before by its hash. */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.log;
