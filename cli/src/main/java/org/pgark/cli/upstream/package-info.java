/**
 * The frame of the programs that have PostgreSQL's names: options as GNU's getopt_long reads them, messages as PostgreSQL's
 * front ends write them, help and version, exit codes, and what a signal does.
 *
 * <p>Such a program is one class that implements {@link org.pgark.cli.upstream.UpstreamProgram}. It is found by name and
 * loaded only when it is called.
 */
@NullMarked
package org.pgark.cli.upstream;

import org.jspecify.annotations.NullMarked;
