package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Makes files and folders that the group may read if it may read the last backup's, as a data directory must be. */
final class OutputPermissions {
    private final FileAttribute<Set<PosixFilePermission>> ofFiles;
    private final FileAttribute<Set<PosixFilePermission>> ofFolders;

    private OutputPermissions(boolean group) {
        ofFiles = PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString(group ? "rw-r-----" : "rw-------"));
        ofFolders = PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString(group ? "rwxr-x---" : "rwx------"));
    }

    static OutputPermissions like(Path folder) throws StoredBackupException {
        try {
            return new OutputPermissions(
                    Files.getPosixFilePermissions(folder).contains(PosixFilePermission.GROUP_READ));
        } catch (IOException e) {
            throw StoredBackupException.of("could not stat file", folder, e);
        }
    }

    OutputStream create(Path file) throws StoredBackupException {
        try {
            return Channels.newOutputStream(Files.newByteChannel(
                    file, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ofFiles));
        } catch (IOException e) {
            throw StoredBackupException.of("could not open file", file, e);
        }
    }

    void createFolder(Path folder) throws StoredBackupException {
        try {
            Files.createDirectory(folder, ofFolders);
        } catch (IOException e) {
            throw StoredBackupException.of("could not create directory", folder, e);
        }
    }

    void createFolders(Path folder) throws StoredBackupException {
        try {
            Files.createDirectories(folder, ofFolders);
        } catch (IOException e) {
            throw StoredBackupException.of("could not create directory", folder, e);
        }
    }
}
