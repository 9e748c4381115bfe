package org.pgark.storage.sftp;

import java.io.IOException;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.RepositoryUrl;
import org.pgark.storage.StoreProvider;
import org.pgark.storage.StoreSettings;
import org.pgark.storage.bucket.BucketStore;

/** Opens {@code sftp://user@host:port/path}, and {@code sftp://user@host/~/path} for a folder in the user's home. */
public final class SftpStoreProvider implements StoreProvider {
    private static final String HOME = "/~/";

    @Override
    public String scheme() {
        return "sftp";
    }

    @Override
    public ObjectStore open(RepositoryUrl url, StoreSettings settings) throws IOException {
        String path = url.uri().getPath().replaceAll("/+$", "");
        String root = (path + "/").startsWith(HOME) ? (path + "/").substring(HOME.length()) : path + "/";
        root = root.equals("/") ? root : root.replaceAll("/+$", "");
        SftpConnections connections = new SftpConnections(SshAccess.of(url.uri(), settings), settings.parallel());
        return new BucketStore(
                new SftpBucketClient(connections, root, settings.partSize()), url.toString(), "", settings);
    }
}
