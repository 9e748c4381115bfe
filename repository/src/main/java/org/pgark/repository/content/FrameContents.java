package org.pgark.repository.content;

import java.util.List;

/**
 * What the raw bytes of one frame are, from its beginning to its end.
 *
 * @param parts one behind the other, without gap
 */
public record FrameContents(List<Part> parts) {
    public FrameContents {
        parts = List.copyOf(parts);
    }

    /** How many raw bytes the parts have together. */
    public int length() {
        return parts.stream().mapToInt(Part::length).sum();
    }

    /**
     * A stretch of a file.
     *
     * @param path of the file in the manifest
     * @param position where the stretch begins in the file
     * @param length in bytes
     * @param hashes of its units, {@link ContentHasher#LENGTH} bytes each; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Part(String path, long position, int length, byte[] hashes) {
        public Part {
            if (position < 0 || length < 1 || hashes.length != ContentHasher.units(length) * ContentHasher.LENGTH) {
                throw new IllegalArgumentException("invalid part of file \"" + path + "\": " + length + " bytes from "
                        + position + " with " + hashes.length + " bytes of hashes");
            }
        }
    }
}
