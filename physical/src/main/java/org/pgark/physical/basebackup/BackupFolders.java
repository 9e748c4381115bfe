package org.pgark.physical.basebackup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pgark.physical.receive.SystemMessage;

/** The directories that a backup fills: found empty or made, and put back to what they were if it fails. */
public final class BackupFolders {
    private final Set<PosixFilePermission> permissions;
    private Optional<Path> data = Optional.empty();
    private boolean dataMade;
    private Optional<Path> wal = Optional.empty();
    private boolean walMade;
    private boolean tablespacesTouched;

    /** @param groupReads whether the group may read, as on the server */
    public BackupFolders(boolean groupReads) {
        permissions = PosixFilePermissions.fromString(groupReads ? "rwxr-x---" : "rwx------");
    }

    /** The directory of the backup. */
    public void takeData(Path directory) throws BaseBackupException {
        dataMade = take(directory);
        data = Optional.of(directory);
    }

    /** Another directory for WAL, to which pg_wal is a link. */
    public void takeWal(Path directory, Path link) throws BaseBackupException {
        walMade = take(directory);
        wal = Optional.of(directory);
        try {
            Files.createSymbolicLink(link, directory);
        } catch (IOException e) {
            throw new BaseBackupException("could not create symbolic link \"" + link + "\": " + SystemMessage.of(e), e);
        }
    }

    void takeTablespace(Path directory) throws BaseBackupException {
        take(directory);
        tablespacesTouched = true;
    }

    void makeAll(Path directory) throws BaseBackupException {
        try {
            List<Path> missing = new ArrayList<>();
            for (Path each = directory; each != null && !Files.exists(each); each = each.getParent()) {
                missing.add(each);
            }
            Collections.reverse(missing);
            for (Path each : missing) {
                Files.createDirectory(each, PosixFilePermissions.asFileAttribute(permissions));
                Files.setPosixFilePermissions(each, permissions);
            }
        } catch (IOException e) {
            throw new BaseBackupException(
                    "could not create directory \"" + directory + "\": " + SystemMessage.of(e), e);
        }
    }

    /** True if it was made, false if it was there and empty. */
    private boolean take(Path directory) throws BaseBackupException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            if (entries.iterator().hasNext()) {
                throw new BaseBackupException("directory \"" + directory + "\" exists but is not empty");
            }
            return false;
        } catch (NoSuchFileException e) {
            makeAll(directory);
            return true;
        } catch (BaseBackupException e) {
            throw e;
        } catch (IOException e) {
            throw new BaseBackupException(
                    "could not access directory \"" + directory + "\": " + SystemMessage.of(e), e);
        }
    }

    /** Removes what a failed backup has left. */
    public void removeContents(BaseBackupListener listener) {
        if (data.isPresent()) {
            remove(data.get(), dataMade, "data", listener);
        }
        if (wal.isPresent()) {
            remove(wal.get(), walMade, "WAL", listener);
        }
        tellOfTablespaces(listener);
    }

    /** Says what a failed backup has left, since it was asked to leave it. */
    public void leaveContents(BaseBackupListener listener, boolean damageOnly) {
        if (data.isPresent() && !damageOnly) {
            listener.info("data directory \"" + data.get() + "\" not removed at user's request");
        }
        if (wal.isPresent()) {
            listener.info("WAL directory \"" + wal.get() + "\" not removed at user's request");
        }
        if (!damageOnly) {
            tellOfTablespaces(listener);
        }
    }

    private void tellOfTablespaces(BaseBackupListener listener) {
        if (tablespacesTouched) {
            listener.info("changes to tablespace directories will not be undone");
        }
    }

    private static void remove(Path directory, boolean made, String kind, BaseBackupListener listener) {
        listener.info("removing " + (made ? "" : "contents of ") + kind + " directory \"" + directory + "\"");
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path visited, @org.jspecify.annotations.Nullable IOException e) throws IOException {
                    if (e != null) {
                        throw e;
                    }
                    if (made || !visited.equals(directory)) {
                        Files.delete(visited);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            listener.error("failed to remove " + (made ? "" : "contents of ") + kind + " directory");
        }
    }
}
