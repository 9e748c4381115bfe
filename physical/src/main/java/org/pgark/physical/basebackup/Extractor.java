package org.pgark.physical.basebackup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgark.physical.receive.SystemMessage;

/** Writes members as files, directories and links below a directory. */
final class Extractor implements TarSink {
    private static final Set<String> MAY_EXIST = Set.of("pg_wal", "archive_status", "summaries", "pg_tblspc");

    private final Path directory;
    private final TablespaceMappings mappings;
    private final Consumer<String> currentFile;
    private Path path;
    private @Nullable FileChannel file;

    Extractor(Path directory, TablespaceMappings mappings, Consumer<String> currentFile) {
        this.directory = directory;
        this.mappings = mappings;
        this.currentFile = currentFile;
        this.path = directory;
    }

    @Override
    public void begin(TarMember member) throws IOException {
        Path name = Path.of(member.name());
        if (name.isAbsolute() || name.normalize().startsWith("..")) {
            throw new BaseBackupException("archive member \"" + member.name() + "\" would lie outside of the backup");
        }
        path = directory.resolve(name);
        currentFile.accept(path.toString());
        switch (member.kind()) {
            case DIRECTORY -> makeDirectory(permissions(member.mode()));
            case LINK -> makeLink(mappings.apply(member.linkTarget()));
            case FILE -> openFile(permissions(member.mode()));
        }
    }

    private void makeDirectory(Set<PosixFilePermission> permissions) throws IOException {
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(permissions));
        } catch (FileAlreadyExistsException e) {
            if (!mayExist()) {
                throw new BaseBackupException("could not create directory \"" + path + "\": File exists", e);
            }
        } catch (IOException e) {
            throw new BaseBackupException("could not create directory \"" + path + "\": " + SystemMessage.of(e), e);
        }
        try {
            Files.setPosixFilePermissions(path, permissions);
        } catch (IOException e) {
            throw new BaseBackupException(
                    "could not set permissions on directory \"" + path + "\": " + SystemMessage.of(e), e);
        }
    }

    /** The receiver of WAL, a link to another WAL directory, or tablespaces in place may have been first. */
    private boolean mayExist() {
        String name = String.valueOf(path.getFileName());
        Path parent = path.getParent();
        return MAY_EXIST.contains(name)
                || (name.matches("\\d+")
                        && parent != null
                        && String.valueOf(parent.getFileName()).equals("pg_tblspc"));
    }

    private void makeLink(String target) throws BaseBackupException {
        try {
            Files.createSymbolicLink(path, Path.of(target));
        } catch (IOException e) {
            throw new BaseBackupException(
                    "could not create symbolic link from \"" + path + "\" to \"" + target + "\": "
                            + SystemMessage.of(e),
                    e);
        }
    }

    private void openFile(Set<PosixFilePermission> permissions) throws BaseBackupException {
        try {
            file = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING),
                    PosixFilePermissions.asFileAttribute(permissions));
        } catch (IOException e) {
            throw new BaseBackupException("could not create file \"" + path + "\": " + SystemMessage.of(e), e);
        }
        if (permissions.contains(PosixFilePermission.GROUP_READ)) {
            // The creation mask may have taken it away.
            try {
                Files.setPosixFilePermissions(path, permissions);
            } catch (IOException e) {
                throw new BaseBackupException(
                        "could not set permissions on file \"" + path + "\": " + SystemMessage.of(e), e);
            }
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode & (0400 >> bit)) != 0) {
                permissions.add(all[bit]);
            }
        }
        return permissions;
    }

    @Override
    public void content(byte[] source, int offset, int length) throws IOException {
        FileChannel open = file;
        if (open == null) {
            return;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
            while (bytes.hasRemaining()) {
                open.write(bytes);
            }
        } catch (IOException e) {
            throw new BaseBackupException("could not write to file \"" + path + "\": " + SystemMessage.of(e), e);
        }
    }

    @Override
    public void end() throws IOException {
        FileChannel open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void finish() throws IOException {
        end();
    }
}
