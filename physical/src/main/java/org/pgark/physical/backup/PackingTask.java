package org.pgark.physical.backup;

import java.io.IOException;
import java.util.List;
import org.pgark.physical.failure.FailedException;

/** What one worker does in one go: some milliseconds of reading and compressing. */
sealed interface PackingTask permits Bundle, Slice, ReceivedBundle, ReceivedSlice {
    /** Reads and packs; the parts are in the order of paths. */
    List<PackedPart> pack(Packer packer) throws IOException, FailedException, InterruptedException;
}
