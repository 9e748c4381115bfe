package org.pgark.cli.configuration;

import java.nio.file.Path;

/**
 * What became of a configuration file.
 *
 * @param file the file, links followed
 * @param created whether it did not exist before
 * @param added the lines that were added; empty if everything was there already
 */
public record ConfigurationEdit(Path file, boolean created, String added) {}
