package org.pgark.repository.manifest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.FrameRole;
import org.pgark.repository.pack.PackWriter;

/** Page maps of several files that go into one frame together. */
final class PageMapBundle {
    /** From this size on a bundle is full. */
    static final int FULL = 256 << 10;

    private final ByteEncoder bytes = new ByteEncoder(4096);
    private @Nullable FrameAddress address;

    /** The place of one map; where that is will be known once the bundle is written. */
    record Place(PageMapBundle bundle, int offset, int length) {
        FramePart part() {
            FrameAddress written = bundle.address;
            if (written == null) {
                throw new IllegalStateException("the bundle is not written yet");
            }
            return new FramePart(written, offset, length);
        }
    }

    /** Whether there is room for so many bytes. */
    boolean hasRoom(int length) {
        return bytes.length() == 0 || bytes.length() + length <= FULL;
    }

    boolean isEmpty() {
        return bytes.length() == 0;
    }

    /** Adds a map. */
    Place add(byte[] map) {
        int offset = bytes.length();
        bytes.putRaw(map, 0, map.length);
        return new Place(this, offset, map.length);
    }

    /** Writes all maps as one frame. */
    void write(PackWriter packs) throws IOException {
        address = packs.append(bytes.view(), FrameRole.PAGE_MAP);
        bytes.clear();
    }
}
