/**
 * The commands: what the user types, and what is printed in return.
 *
 * <p>A command is one class that parses, calls one operation of the rooms below and prints. Nothing else in pgark prints
 * or decides how the process ends.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.cli;
