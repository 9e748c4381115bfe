package org.pgark.storage.sftp;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes folders, durably where the server can: it opens a folder as it opens a file, as OpenSSH does, and synchronises it.
 */
final class SftpFolders {
    private final String root;
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private volatile boolean cannotSynchronise;

    /** Makes folders in {@code root}, and the root itself. */
    SftpFolders(String root) {
        this.root = root;
    }

    /** Makes a folder of this store, and those that it is in; each is looked at once only. */
    void ensure(SftpFiles files, String folder) throws IOException {
        if (made.contains(folder)) {
            return;
        }
        if (folder.equals(root)) {
            makeRoot(files, root);
        } else {
            String parent = parent(folder);
            ensure(files, parent);
            makeUnlessThere(files, folder);
            synchronise(files, parent);
        }
        made.add(folder);
    }

    /** A folder that was there may have been removed by hand. */
    void forget() {
        made.clear();
    }

    private void makeRoot(SftpFiles files, String folder) throws IOException {
        if (folder.isEmpty() || folder.equals("/") || folder.equals(".") || isFolder(files, folder)) {
            return;
        }
        makeRoot(files, parent(folder));
        makeUnlessThere(files, folder);
        synchronise(files, parent(folder));
    }

    private static void makeUnlessThere(SftpFiles files, String folder) throws IOException {
        try {
            files.makeFolder(folder);
        } catch (SftpStatus e) {
            if (!isFolder(files, folder)) {
                throw new IOException("cannot make the folder \"" + folder + "\": " + e.getMessage(), e);
            }
        }
    }

    private static boolean isFolder(SftpFiles files, String path) throws IOException {
        Optional<SftpAttributes> found = files.attributes(path);
        return found.isPresent() && !found.get().isFile();
    }

    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash > 0 ? path.substring(0, slash) : slash == 0 ? "/" : ".";
    }

    /** Makes the names in a folder durable, where the server can. */
    void synchronise(SftpFiles files, String folder) throws IOException {
        if (cannotSynchronise || !files.has(SftpChannel.SYNCHRONISE)) {
            return;
        }
        byte[] handle;
        try {
            handle = files.open(folder, SftpFiles.READ);
        } catch (SftpStatus e) {
            if (e.code() == SftpStatus.NO_SUCH_FILE) {
                throw e;
            }
            cannotSynchronise = true;
            return;
        }
        try {
            files.synchronise(handle);
        } catch (SftpStatus e) {
            // Only what says "not possible" may be passed over: a disk that fails says FAILURE.
            if (e.code() != SftpStatus.BAD_MESSAGE && e.code() != SftpStatus.UNSUPPORTED) {
                throw e;
            }
            cannotSynchronise = true;
        } finally {
            files.forget(handle);
        }
    }

    boolean areDurable() {
        return !cannotSynchronise;
    }
}
