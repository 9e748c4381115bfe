package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folders that a combination fills; what was put into them is removed again unless it is committed. */
final class OutputFolders implements AutoCloseable {
    private record Filled(Path folder, boolean made) {}

    private final CombinationListener listener;
    private final OutputPermissions permissions;
    private final boolean dryRun;
    private final List<Filled> filled = new ArrayList<>();
    private boolean committed;

    OutputFolders(CombinationListener listener, OutputPermissions permissions, boolean dryRun) {
        this.listener = listener;
        this.permissions = permissions;
        this.dryRun = dryRun;
    }

    /** Makes a folder, or takes one that is empty. */
    void add(Path folder) throws StoredBackupException {
        if (!Files.exists(folder)) {
            if (dryRun) {
                listener.debug("would create directory \"" + folder + "\"");
                return;
            }
            listener.debug("creating directory \"" + folder + "\"");
            permissions.createFolders(folder);
            filled.addFirst(new Filled(folder, true));
            return;
        }
        try (var entries = Files.newDirectoryStream(folder)) {
            if (entries.iterator().hasNext()) {
                throw new StoredBackupException("directory \"" + folder + "\" exists but is not empty");
            }
        } catch (StoredBackupException e) {
            throw e;
        } catch (IOException e) {
            throw StoredBackupException.of("could not access directory", folder, e);
        }
        listener.debug("using existing directory \"" + folder + "\"");
        filled.addFirst(new Filled(folder, false));
    }

    void commit() {
        committed = true;
    }

    @Override
    public void close() {
        if (committed) {
            return;
        }
        for (Filled one : filled) {
            String what = one.made ? "output directory" : "contents of output directory";
            listener.info("removing " + what + " \"" + one.folder + "\"");
            try {
                remove(one);
            } catch (IOException e) {
                listener.warning("failed to remove " + what, "");
            }
        }
    }

    private static void remove(Filled one) throws IOException {
        Files.walkFileTree(one.folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (one.made || !folder.equals(one.folder)) {
                    Files.delete(folder);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
