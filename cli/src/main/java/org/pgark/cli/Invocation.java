package org.pgark.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * What one run was given from outside.
 *
 * @param out standard output
 * @param err standard error
 * @param arguments the words that the user typed
 */
record Invocation(PrintStream out, PrintStream err, List<String> arguments) {}
