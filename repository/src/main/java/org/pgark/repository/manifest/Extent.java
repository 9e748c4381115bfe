package org.pgark.repository.manifest;

/** A run of a file's bytes. The extents of a file follow one another without gap from its beginning to its end. */
public sealed interface Extent {
    /** How many bytes of the file it stands for. */
    long length();

    /** Nothing but zero bytes. */
    record Zeros(long length) implements Extent {
        public Zeros {
            if (length < 1) {
                throw new IllegalArgumentException("invalid extent of " + length + " zero bytes");
            }
        }
    }

    /** Bytes that stand in a frame. */
    record Stored(FramePart part) implements Extent {
        @Override
        public long length() {
            return part.length();
        }
    }
}
