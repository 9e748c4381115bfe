package org.pgark.physical.verify;

/**
 * Something that a backup needs and that is not as it was written.
 *
 * @param object the repository's object, or the file of the backup, that is damaged
 * @param reason what is wrong with it, with its place
 * @param path a file of the backup that is lost by it
 */
public record Damage(String object, String reason, String path) {}
