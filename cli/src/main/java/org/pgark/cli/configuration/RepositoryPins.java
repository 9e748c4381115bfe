package org.pgark.cli.configuration;

/**
 * By what an encrypted repository is known again.
 *
 * @param repositoryId 32 hexadecimal digits
 * @param keyFingerprint 32 hexadecimal digits
 */
public record RepositoryPins(String repositoryId, String keyFingerprint) {}
