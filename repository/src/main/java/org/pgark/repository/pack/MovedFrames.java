package org.pgark.repository.pack;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;

/** Which frames of packs that were rewritten stand in a pack, and as which: a table, as bytes of its own frames. */
final class MovedFrames {
    /** From this size on a frame of the table is full. */
    private static final int FULL = 256 << 10;

    private static final int VERSION = 1;

    private MovedFrames() {}

    /**
     * Frames of one pack that stand in another one now.
     *
     * @param pack the pack that was rewritten
     * @param before their numbers there, ascending
     * @param after their numbers in the pack that has the table
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Run(ObjectId pack, int[] before, int[] after) {}

    /** The frames of a table, each some 256 KiB or as long as a single run needs. */
    static List<ByteBuffer> encode(List<Run> runs) {
        List<ByteBuffer> frames = new ArrayList<>();
        ByteEncoder target = new ByteEncoder(4096);
        for (Run run : runs) {
            if (target.length() >= FULL) {
                frames.add(ByteBuffer.wrap(target.toByteArray()));
                target.clear();
            }
            if (target.length() == 0) {
                target.putByte(VERSION);
            }
            target.putId(run.pack());
            target.putNumber(run.before().length);
            int last = 0;
            for (int i = 0; i < run.before().length; i++) {
                target.putNumber(run.before()[i] - last);
                target.putNumber(run.after()[i]);
                last = run.before()[i];
            }
        }
        if (target.length() > 0) {
            frames.add(ByteBuffer.wrap(target.toByteArray()));
        }
        return frames;
    }

    /** Reads a table from its frames, by the pack that was rewritten. */
    static SequencedMap<ObjectId, Run> decode(List<byte[]> frames) throws MalformedBytesException {
        SequencedMap<ObjectId, Run> runs = new LinkedHashMap<>();
        for (byte[] frame : frames) {
            ByteDecoder source = new ByteDecoder(frame);
            int version = source.takeByte();
            if (version != VERSION) {
                throw new MalformedBytesException("moved frames of version " + version);
            }
            while (source.remaining() > 0) {
                Run run = takeRun(source);
                if (runs.put(run.pack(), run) != null) {
                    throw new MalformedBytesException("moved frames of pack " + run.pack() + " twice");
                }
            }
        }
        return runs;
    }

    private static Run takeRun(ByteDecoder source) throws MalformedBytesException {
        ObjectId pack = source.takeId();
        int count = source.takeCount("the number of moved frames");
        int[] before = new int[count];
        int[] after = new int[count];
        long number = 0;
        for (int i = 0; i < count; i++) {
            number += source.takeNumber(Integer.MAX_VALUE, "the number of a frame");
            if (number > Integer.MAX_VALUE || (i > 0 && number == before[i - 1])) {
                throw new MalformedBytesException("moved frame " + number + " of pack " + pack + " is out of order");
            }
            before[i] = (int) number;
            after[i] = source.takeNumber(Integer.MAX_VALUE, "the number of a frame");
        }
        return new Run(pack, before, after);
    }

    /** A table whose new addresses are known. */
    static final class Resolved {
        private final Map<ObjectId, Run> runs;
        private final List<FrameAddress> addresses;

        /**
         * Joins a table with the index of its pack.
         *
         * @param addresses all frames of the pack, by number
         */
        Resolved(Map<ObjectId, Run> runs, List<FrameAddress> addresses) {
            this.runs = runs;
            this.addresses = addresses;
        }

        /** How many frames it has. */
        int weight() {
            return addresses.size();
        }

        /** Where a frame stands now; the same address if it is not here. */
        FrameAddress current(FrameAddress address) {
            Run run = runs.get(address.pack());
            int index = run == null ? -1 : java.util.Arrays.binarySearch(run.before(), address.frame());
            int number = index < 0 || run == null ? -1 : run.after()[index];
            return number < 0 || number >= addresses.size() ? address : addresses.get(number);
        }
    }
}
