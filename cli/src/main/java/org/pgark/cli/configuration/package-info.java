/**
 * What pgark.toml and the variables beside it say, as values.
 *
 * <p>Every key is declared once, in {@link org.pgark.cli.configuration.ConfigurationKeys}; the reader, the names of the
 * environment variables and docs/configuration.md follow from that. A configuration is taken whole or not at all: every
 * problem in it is told at once, each with the place where it stands.
 */
@org.jspecify.annotations.NullMarked
package org.pgark.cli.configuration;
