package org.pgark.storage.s3;

import java.io.IOException;

/** Whose the object is that has a key. */
enum ObjectHolder {
    OURS,
    ANOTHERS,
    NOBODYS;

    /** Looks whose it is. */
    interface Look {
        ObjectHolder holder() throws IOException;
    }
}
