package org.pgark.storage.sftp;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Gives a file that is complete and durable its name, if that is free. */
final class SftpPublication {
    private static final int MOST_SECONDS = 1_000_000_000;

    private final SftpFolders folders;

    SftpPublication(SftpFolders folders) {
        this.folders = folders;
    }

    /**
     * Publishes a file; its temporary name is gone afterwards.
     *
     * @param repeated whether an earlier try may have succeeded unheard
     * @return whether it has the name now; false if another file has it
     */
    boolean publish(SftpFiles files, String temporary, String path, boolean repeated) throws IOException {
        String folder = SftpFolders.parent(path);
        folders.ensure(files, folder);
        boolean ours = files.has(SftpChannel.HARD_LINK)
                ? link(files, temporary, path, repeated)
                : rename(files, temporary, path, repeated);
        folders.synchronise(files, folder);
        files.remove(temporary);
        return ours;
    }

    private boolean link(SftpFiles files, String temporary, String path, boolean repeated) throws IOException {
        try {
            files.link(temporary, path);
            return true;
        } catch (SftpStatus e) {
            if (files.attributes(path).isPresent()) {
                return repeated && isSame(files, temporary, path);
            }
            if (e.code() == SftpStatus.NO_SUCH_FILE) {
                folders.forget();
                folders.ensure(files, SftpFolders.parent(path));
                files.link(temporary, path);
                return true;
            }
            throw new IOException(
                    "a file could not be given its name by a hard link, which the server's file system must have: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Two names of one file show a change through either; the protocol tells no file's identity. */
    private static boolean isSame(SftpFiles files, String temporary, String path) throws IOException {
        Optional<SftpAttributes> left = files.attributes(temporary);
        if (left.isEmpty()) {
            return true;
        }
        int seconds = ThreadLocalRandom.current().nextInt(1, MOST_SECONDS);
        files.setModified(temporary, seconds);
        return files.attributes(path).map(SftpAttributes::modified).orElse(-1L) == seconds;
    }

    private boolean rename(SftpFiles files, String temporary, String path, boolean repeated) throws IOException {
        if (repeated && files.attributes(temporary).isEmpty()) {
            return true;
        }
        try {
            files.rename(temporary, path);
            return true;
        } catch (SftpStatus e) {
            if (files.attributes(path).isPresent()) {
                return false;
            }
            throw e;
        }
    }
}
