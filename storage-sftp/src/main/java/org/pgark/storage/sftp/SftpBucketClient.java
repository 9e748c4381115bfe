package org.pgark.storage.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.pgark.storage.StoreFeature;
import org.pgark.storage.bucket.BucketClient;
import org.pgark.storage.bucket.ListPage;
import org.pgark.storage.bucket.ListedKey;
import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;

/**
 * Keeps each object as a file under a folder of the server. It is written to {@code tmp/} there, synchronised, and then
 * given its name by a hard link, which fails if the name is taken.
 */
final class SftpBucketClient implements BucketClient {
    private static final String TEMPORARY = "tmp";

    private final SftpConnections connections;
    private final SftpFolders folders;
    private final SftpPublication publication;
    private final String root;
    private final int partSize;

    /**
     * Keeps files under a folder.
     *
     * @param root absolute, or relative to where the server puts the user; empty for that folder itself
     */
    SftpBucketClient(SftpConnections connections, String root, int partSize) {
        this.connections = connections;
        this.root = root.isEmpty() ? "." : root;
        this.folders = new SftpFolders(this.root);
        this.publication = new SftpPublication(folders);
        this.partSize = partSize;
    }

    private String path(String key) {
        return root.endsWith("/") ? root + key : root + "/" + key;
    }

    private String temporary() {
        return path(TEMPORARY) + "/" + UUID.randomUUID();
    }

    private byte[] create(SftpFiles files, String temporary) throws IOException {
        folders.ensure(files, path(TEMPORARY));
        return files.open(temporary, SftpFiles.WRITE | SftpFiles.CREATE);
    }

    @Override
    public Set<StoreFeature> features() {
        Set<StoreFeature> features = EnumSet.of(StoreFeature.CONDITIONAL_CREATE);
        if (connections.synchronise() && folders.areDurable()) {
            features.add(StoreFeature.DURABLE_COMMIT);
        }
        return features;
    }

    @Override
    public boolean put(String key, PartBytes content) throws IOException {
        refuseReserved(key);
        String temporary = temporary();
        try {
            connections.run((files, _) -> {
                files.writeAndClose(create(files, temporary), 0, content.array(), content.length());
                return true;
            });
            return connections.run((files, repeated) -> publication.publish(files, temporary, path(key), repeated));
        } catch (IOException | RuntimeException e) {
            giveUp(temporary, e);
            throw e;
        }
    }

    private void giveUp(String temporary, Exception failure) {
        try {
            connections.run((files, _) -> files.remove(temporary));
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void refuseReserved(String key) {
        if (key.equals(TEMPORARY) || key.startsWith(TEMPORARY + "/")) {
            throw new IllegalArgumentException("invalid object name \"" + key + "\", \"tmp\" is reserved");
        }
    }

    @Override
    public PartUpload upload(String key) throws IOException {
        refuseReserved(key);
        String temporary = temporary();
        connections.run((files, _) -> {
            files.close(create(files, temporary));
            return true;
        });
        return new SftpPartUpload(connections, publication, temporary, path(key), partSize);
    }

    @Override
    public long size(String key) throws IOException {
        return connections.run((files, _) -> files.attributes(path(key))
                .filter(SftpAttributes::isFile)
                .map(SftpAttributes::size)
                .orElse(-1L));
    }

    @Override
    public boolean read(String key, long offset, ByteBuffer target) throws IOException {
        // Broken reads go on where they broke, which the caller sees to.
        int start = target.position();
        return connections.run((files, _) -> {
            byte[] handle;
            try {
                handle = files.open(path(key), SftpFiles.READ);
            } catch (SftpStatus e) {
                if (e.code() == SftpStatus.NO_SUCH_FILE) {
                    return false;
                }
                throw e;
            }
            try {
                files.read(handle, offset + target.position() - start, target);
            } finally {
                files.forget(handle);
            }
            return true;
        });
    }

    @Override
    public ListPage list(String prefix, boolean delimited, String from) throws IOException {
        String folder = prefix.substring(0, prefix.length() - 1);
        return connections.run((files, _) -> {
            List<ListedKey> found = new ArrayList<>();
            List<String> below = new ArrayList<>();
            if (delimited) {
                for (SftpEntry entry : files.entries(path(folder))) {
                    if (entry.attributes().isFolder() && holdsFile(files, path(prefix + entry.name()))) {
                        below.add(entry.name());
                    }
                }
            } else {
                walk(files, folder, found);
            }
            return new ListPage(found, below, "");
        });
    }

    private void walk(SftpFiles files, String folder, List<ListedKey> found) throws IOException {
        for (SftpEntry entry : files.entries(path(folder))) {
            String key = folder + "/" + entry.name();
            if (entry.attributes().isFolder()) {
                walk(files, key, found);
            } else if (entry.attributes().isFile()) {
                found.add(new ListedKey(key, entry.attributes().size()));
            }
        }
    }

    private static boolean holdsFile(SftpFiles files, String folder) throws IOException {
        List<SftpEntry> entries = files.entries(folder);
        if (entries.stream().anyMatch(entry -> entry.attributes().isFile())) {
            return true;
        }
        for (SftpEntry entry : entries) {
            if (entry.attributes().isFolder() && holdsFile(files, folder + "/" + entry.name())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void delete(String key) throws IOException {
        connections.run((files, _) -> {
            if (files.remove(path(key))) {
                folders.synchronise(files, SftpFolders.parent(path(key)));
            }
            return true;
        });
    }

    @Override
    public void abortUploads(String prefix, Duration olderThan) throws IOException {
        connections.run((files, _) -> {
            String folder = path(TEMPORARY);
            List<SftpEntry> left = files.entries(folder);
            if (left.isEmpty()) {
                return true;
            }
            // The server's clock decides, since it has stamped them.
            String now = temporary();
            files.close(create(files, now));
            long limit = files.attributes(now).map(SftpAttributes::modified).orElse(0L) - olderThan.toSeconds();
            files.remove(now);
            for (SftpEntry entry : left) {
                if (entry.attributes().isFile() && entry.attributes().modified() < limit) {
                    files.remove(folder + "/" + entry.name());
                }
            }
            return true;
        });
    }

    @Override
    public void close() {
        connections.close();
    }
}
