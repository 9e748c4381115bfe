package org.pgark.storage.sftp;

/**
 * One name in a folder.
 *
 * @param name without a slash
 * @param attributes of what it names, of a symbolic link itself
 */
record SftpEntry(String name, SftpAttributes attributes) {}
