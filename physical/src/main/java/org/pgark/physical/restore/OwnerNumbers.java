package org.pgark.physical.restore;

/**
 * Who shall own restored files, by number.
 *
 * @param user the user's number
 * @param group the group's number
 */
public record OwnerNumbers(int user, int group) {}
