package org.pgark.physical.restore;

import java.io.IOException;
import java.util.Arrays;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.FileAttributes;
import org.pgark.repository.manifest.FileContent;
import org.pgark.repository.manifest.FramePart;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;
import org.pgark.repository.pack.FrameReader;

/** pg_control as the backup has it. */
final class ControlFileCopy {
    private final byte[] content;
    private final FileAttributes attributes;

    private ControlFileCopy(byte[] content, FileAttributes attributes) {
        this.content = content;
        this.attributes = attributes;
    }

    static ControlFileCopy read(ManifestReader manifest, FrameReader frames) throws IOException {
        ManifestEntry entry = manifest.find(LeftOut.CONTROL_FILE)
                .orElseThrow(() -> new IOException("the backup has no " + LeftOut.CONTROL_FILE));
        if (entry instanceof ManifestEntry.File file
                && file.content() instanceof FileContent.Single(Extent.Stored(FramePart part))) {
            byte[] raw = new byte[part.frame().rawLength()];
            frames.read(part.frame(), raw);
            return new ControlFileCopy(
                    Arrays.copyOfRange(raw, part.offset(), part.offset() + part.length()), file.attributes());
        }
        throw new IOException("the backup's " + LeftOut.CONTROL_FILE + " is not stored in one piece");
    }

    /** All its bytes. */
    byte[] content() {
        return content.clone();
    }

    /** Its owner and mode. */
    FileAttributes attributes() {
        return attributes;
    }
}
