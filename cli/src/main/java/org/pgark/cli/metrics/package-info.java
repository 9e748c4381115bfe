/** What is measured, by name, and the text in which monitoring reads it. */
@NullMarked
package org.pgark.cli.metrics;

import org.jspecify.annotations.NullMarked;
