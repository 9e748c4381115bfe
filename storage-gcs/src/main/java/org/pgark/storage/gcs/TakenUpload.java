package org.pgark.storage.gcs;

import org.pgark.storage.bucket.PartBytes;
import org.pgark.storage.bucket.PartUpload;

/** An upload that the service refused to begin, since its name is taken: what is sent goes nowhere. */
final class TakenUpload implements PartUpload {
    @Override
    public void send(int number, PartBytes content) {}

    @Override
    public boolean complete(int parts) {
        return false;
    }

    @Override
    public void abort() {}
}
