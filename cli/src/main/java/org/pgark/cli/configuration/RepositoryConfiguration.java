package org.pgark.cli.configuration;

import java.net.URI;
import java.util.Optional;

/**
 * A repository as the configuration has it.
 *
 * @param name chosen by the user
 * @param url where it is
 * @param id the identity that it must have, if one is pinned
 */
public record RepositoryConfiguration(String name, URI url, Optional<String> id) {}
