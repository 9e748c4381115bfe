package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.pgark.physical.systemcall.FileClone;
import org.pgark.postgres.manifest.ManifestChecksum;

/** Brings whole files into the output, and computes their checksums where nobody knows them. */
final class FileCopy {
    private static final int BUFFER_BYTES = 50 * 8192;

    private final CombinationRequest request;
    private final CombinationListener listener;
    private final OutputPermissions permissions;
    private final byte[] buffer = new byte[BUFFER_BYTES];

    FileCopy(CombinationRequest request, CombinationListener listener, OutputPermissions permissions) {
        this.request = request;
        this.listener = listener;
        this.permissions = permissions;
    }

    /** Copies; the checksum of the content, of no bytes if none was asked for or on a dry run. */
    byte[] copy(Path source, Path target, ManifestChecksum algorithm) throws IOException {
        String word = request.method().word();
        String strategy = word.isEmpty() ? "" : " using strategy " + word;
        if (request.dryRun()) {
            open(source).close();
            listener.debug("would copy \"" + source + "\" to \"" + target + "\"" + strategy);
            return new byte[0];
        }
        boolean sums = word.isEmpty() && algorithm != ManifestChecksum.NONE;
        listener.debug("copying \"" + source + "\" to \"" + target + "\"" + strategy
                + (sums ? " and checksumming with " + algorithm.word() : ""));
        ManifestChecksum.Computation checksum = algorithm.begin();
        switch (request.method()) {
            case COPY -> copyBytes(source, target, checksum);
            case COPY_FILE_RANGE -> {
                copyRange(source, target);
                read(source, algorithm, checksum);
            }
            case CLONE -> {
                cloneWhole(source, target);
                read(source, algorithm, checksum);
            }
            case LINK -> {
                link(source, target);
                read(source, algorithm, checksum);
            }
        }
        return checksum.finish();
    }

    private void copyBytes(Path source, Path target, ManifestChecksum.Computation checksum) throws IOException {
        try (InputStream in = open(source);
                OutputStream out = permissions.create(target)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                try {
                    out.write(buffer, 0, read);
                } catch (IOException e) {
                    throw StoredBackupException.of("could not write to file", target, e);
                }
                checksum.update(buffer, 0, read);
            }
        }
    }

    private void copyRange(Path source, Path target) throws IOException {
        permissions.create(target).close();
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(target, StandardOpenOption.WRITE)) {
            long size = in.size();
            long done = 0;
            while (done < size) {
                long moved = in.transferTo(done, size - done, out);
                if (moved <= 0) {
                    throw new StoredBackupException("unexpected end of file while copying file range from \"" + source
                            + "\" to \"" + target + "\"");
                }
                done += moved;
            }
        } catch (StoredBackupException e) {
            throw e;
        } catch (IOException e) {
            throw new StoredBackupException("error while copying file range from \"" + source + "\" to \"" + target
                    + "\": " + SystemReason.of(e));
        }
    }

    private void cloneWhole(Path source, Path target) throws IOException {
        FileClone call = FileClone.available()
                .orElseThrow(() -> new StoredBackupException("file cloning not supported on this platform"));
        permissions.create(target).close();
        try {
            call.copy(source, target);
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw new StoredBackupException(
                    "error while cloning file \"" + source + "\" to \"" + target + "\": " + e.getMessage());
        }
    }

    private static void link(Path source, Path target) throws IOException {
        try {
            Files.createLink(target, source);
        } catch (IOException e) {
            throw new StoredBackupException(
                    "could not create link from \"" + source + "\" to \"" + target + "\": " + SystemReason.of(e));
        }
    }

    private void read(Path source, ManifestChecksum algorithm, ManifestChecksum.Computation checksum)
            throws IOException {
        if (algorithm == ManifestChecksum.NONE) {
            return;
        }
        try (InputStream in = open(source)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                checksum.update(buffer, 0, read);
            }
        }
    }

    private static InputStream open(Path source) throws IOException {
        try {
            return Files.newInputStream(source);
        } catch (IOException e) {
            throw StoredBackupException.of("could not open file", source, e);
        }
    }
}
