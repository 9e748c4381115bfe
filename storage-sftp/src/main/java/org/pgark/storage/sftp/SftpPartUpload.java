package org.pgark.storage.sftp;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;

/**
 * A file that is written under a temporary name. A part is durable when it was sent; so it can be sent again over another
 * connection, even where the server was started anew meanwhile.
 */
final class SftpPartUpload implements PartUpload {
    private final SftpConnections connections;
    private final SftpPublication publication;
    private final String temporary;
    private final String path;
    private final int partSize;
    private final AtomicLong length = new AtomicLong();

    SftpPartUpload(
            SftpConnections connections, SftpPublication publication, String temporary, String path, int partSize) {
        this.connections = connections;
        this.publication = publication;
        this.temporary = temporary;
        this.path = path;
        this.partSize = partSize;
    }

    @Override
    public void send(int number, PartBytes content) throws IOException {
        connections.run((files, _) -> {
            byte[] handle = files.open(temporary, SftpFiles.WRITE);
            files.writeAndClose(handle, (long) (number - 1) * partSize, content.array(), content.length());
            return true;
        });
        length.addAndGet(content.length());
    }

    @Override
    public boolean complete(int parts) throws IOException {
        return connections.run((files, repeated) -> {
            long size = files.attributes(temporary).map(SftpAttributes::size).orElse(-1L);
            if (size != length.get() && !(repeated && size < 0)) {
                throw new IOException("the server has " + size + " of " + length + " bytes that were sent");
            }
            return publication.publish(files, temporary, path, repeated);
        });
    }

    @Override
    public void abort() throws IOException {
        connections.run((files, _) -> files.remove(temporary));
    }
}
