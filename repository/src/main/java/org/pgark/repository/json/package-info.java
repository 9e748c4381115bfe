/** The small JSON documents of the log, read and written by streaming so that nothing larger has to be loaded. */
@org.jspecify.annotations.NullMarked
package org.pgark.repository.json;
