package org.pgark.cli.configuration;

import java.util.Optional;
import org.pgark.storage.RepositoryUrl;

/**
 * A repository as the configuration has it.
 *
 * @param name chosen by the user
 * @param url where it is
 * @param id the identity that it must have, if one is pinned
 */
public record RepositoryConfiguration(String name, RepositoryUrl url, Optional<String> id) {}
