package org.pgark.repository.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;

/**
 * The encoding of a part of a page map: the packs, then the frames in them, then the extents, which name their frame by
 * its number in this list. It needs nothing outside of itself but the packs.
 */
final class PageMap {
    /** The most extents of one part; so that a part always fits into a frame. */
    static final int MAX_EXTENTS = 1 << 16;

    private static final int VERSION = 1;
    private static final int PAGE_SHIFT = 13;

    private PageMap() {}

    /** Encodes at most {@link #MAX_EXTENTS} extents. */
    static byte[] encode(List<Extent> extents) {
        Map<ObjectId, Integer> packs = new LinkedHashMap<>();
        Map<FrameAddress, Integer> frames = new LinkedHashMap<>();
        int shift = PAGE_SHIFT;
        for (Extent extent : extents) {
            long bits = extent.length();
            if (extent instanceof Extent.Stored(FramePart part)) {
                packs.putIfAbsent(part.frame().pack(), packs.size());
                frames.putIfAbsent(part.frame(), frames.size());
                bits |= part.offset();
            }
            shift = (bits & (1 << PAGE_SHIFT) - 1) == 0 ? shift : 0;
        }
        ByteEncoder target = new ByteEncoder(256);
        target.putByte(VERSION);
        target.putByte(shift);
        target.putNumber(packs.size());
        packs.keySet().forEach(target::putId);
        target.putNumber(frames.size());
        frames.keySet().forEach(frame -> putFrame(target, frame, packs));
        target.putNumber(extents.size());
        for (Extent extent : extents) {
            putExtent(target, extent, frames, shift);
        }
        return target.toByteArray();
    }

    private static void putFrame(ByteEncoder target, FrameAddress frame, Map<ObjectId, Integer> packs) {
        target.putNumber(packs.getOrDefault(frame.pack(), 0));
        target.putNumber(frame.frame());
        target.putNumber(frame.offset());
        target.putNumber(frame.storedLength());
        target.putNumber(frame.rawLength());
        target.putByte(frame.codec().code());
    }

    private static void putExtent(ByteEncoder target, Extent extent, Map<FrameAddress, Integer> frames, int shift) {
        switch (extent) {
            case Extent.Zeros(long length) -> {
                target.putNumber(0);
                target.putNumber(length >> shift);
            }
            case Extent.Stored(FramePart part) -> {
                target.putNumber(frames.getOrDefault(part.frame(), 0) + 1L);
                target.putNumber(part.offset() >> shift);
                target.putNumber(part.length() >> shift);
            }
        }
    }

    /** Says where a frame stands now. */
    interface Placing {
        /** The address that counts. */
        FrameAddress current(FrameAddress address) throws IOException;
    }

    /** Decodes one part, its frames being where {@code placing} says. */
    static List<Extent> decode(ByteDecoder source, Placing placing) throws IOException {
        int version = source.takeByte();
        int shift = source.takeByte();
        if (version != VERSION || (shift != 0 && shift != PAGE_SHIFT)) {
            throw new MalformedBytesException("a page map of version " + version + " with unit " + shift);
        }
        List<ObjectId> packs = new ArrayList<>();
        for (int rest = source.takeCount("the number of packs"); rest > 0; rest--) {
            packs.add(source.takeId());
        }
        List<FrameAddress> frames = new ArrayList<>();
        for (int rest = source.takeCount("the number of frames"); rest > 0; rest--) {
            FrameAddress frame =
                    source.takeAddress(packs.get(source.takeNumber(packs.size() - 1, "the number of a pack")));
            frames.add(placing.current(frame));
        }
        List<Extent> extents = new ArrayList<>();
        for (int rest = source.takeNumber(MAX_EXTENTS, "the number of extents"); rest > 0; rest--) {
            extents.add(takeExtent(source, frames, shift));
        }
        source.expectEnd();
        return extents;
    }

    private static Extent takeExtent(ByteDecoder source, List<FrameAddress> frames, int shift)
            throws MalformedBytesException {
        int frame = source.takeNumber(frames.size(), "the number of a frame");
        try {
            if (frame == 0) {
                long length = source.takeNumber();
                return new Extent.Zeros(length << shift >> shift == length ? length << shift : -1);
            }
            int limit = FrameAddress.MAX_RAW_LENGTH >> shift;
            int offset = source.takeNumber(limit, "an offset in a frame") << shift;
            int length = source.takeNumber(limit, "a length in a frame") << shift;
            return new Extent.Stored(new FramePart(frames.get(frame - 1), offset, length));
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException(String.valueOf(e.getMessage()));
        }
    }
}
