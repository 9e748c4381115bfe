package org.pgark.repository.content;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.MalformedBytesException;

/**
 * What the frames of one pack are: files, positions and hashes. Some twenty bytes for each page. Never changed, for
 * several threads.
 */
public final class PackContents {
    private static final int LONGEST_PATH = 0xFFFF;

    private final int[] numbers;
    private final List<FrameContents> contents;
    private final long weight;

    private PackContents(int[] numbers, List<FrameContents> contents) {
        this.numbers = numbers;
        this.contents = contents;
        this.weight = contents.stream()
                .flatMap(frame -> frame.parts().stream())
                .mapToLong(part -> 100L + part.path().length() + part.hashes().length)
                .sum();
    }

    /** Decodes a pack's frames of contents, each by itself. */
    public static PackContents decode(List<byte[]> frames) throws MalformedBytesException {
        List<Integer> numbers = new ArrayList<>();
        List<FrameContents> contents = new ArrayList<>();
        for (byte[] frame : frames) {
            decode(new ByteDecoder(frame), numbers, contents);
        }
        return new PackContents(numbers.stream().mapToInt(Integer::intValue).toArray(), contents);
    }

    private static void decode(ByteDecoder source, List<Integer> numbers, List<FrameContents> contents)
            throws MalformedBytesException {
        int version = source.takeByte();
        if (version != ContentsEncoder.VERSION) {
            throw new MalformedBytesException("contents of version " + version);
        }
        byte[] path = {};
        String name = "";
        while (source.remaining() > 0) {
            int number = source.takeNumber(Integer.MAX_VALUE, "the number of a frame");
            if (!numbers.isEmpty() && numbers.getLast() >= number) {
                throw new MalformedBytesException("frame " + number + " after frame " + numbers.getLast());
            }
            List<FrameContents.Part> parts = new ArrayList<>();
            for (int rest = source.takeCount("the number of parts"); rest > 0; rest--) {
                int shared = source.takeNumber(path.length, "the shared length of a path");
                byte[] further = source.takeRaw(source.takeNumber(LONGEST_PATH, "the length of a path"));
                if (shared != path.length || further.length > 0) {
                    path = Arrays.copyOf(path, shared + further.length);
                    System.arraycopy(further, 0, path, shared, further.length);
                    name = new String(path, java.nio.charset.StandardCharsets.UTF_8);
                }
                long position = source.takeNumber();
                int length = source.takeNumber(
                        org.pgark.repository.frame.FrameAddress.MAX_RAW_LENGTH, "the length of a part");
                byte[] hashes = source.takeRaw(ContentHasher.units(length) * ContentHasher.LENGTH);
                try {
                    parts.add(new FrameContents.Part(name, position, length, hashes));
                } catch (IllegalArgumentException e) {
                    throw new MalformedBytesException(String.valueOf(e.getMessage()));
                }
            }
            numbers.add(number);
            contents.add(new FrameContents(parts));
        }
    }

    /** About how many bytes of memory this takes. */
    public long weight() {
        return weight;
    }

    /** The numbers of the frames whose contents are known, ascending. */
    public int[] frames() {
        return numbers.clone();
    }

    /** What a frame is; empty if that is not known. */
    public Optional<FrameContents> of(int frame) {
        int index = Arrays.binarySearch(numbers, frame);
        return index < 0 ? Optional.empty() : Optional.of(contents.get(index));
    }

    /**
     * The hashes of the units of a run of a frame's raw bytes; empty if they are not known, or if the run does not begin
     * and end where units do.
     */
    public Optional<byte[]> hashes(int frame, int offset, int length) {
        Optional<FrameContents> found = of(frame);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        int begin = 0;
        for (FrameContents.Part part : found.get().parts()) {
            int inside = offset - begin;
            if (inside < part.length()) {
                boolean whole = inside % ContentHasher.UNIT == 0
                        && (length % ContentHasher.UNIT == 0 || inside + length == part.length())
                        && inside + length <= part.length();
                int first = inside / ContentHasher.UNIT * ContentHasher.LENGTH;
                int count = ContentHasher.units(length) * ContentHasher.LENGTH;
                return whole ? Optional.of(Arrays.copyOfRange(part.hashes(), first, first + count)) : Optional.empty();
            }
            begin += part.length();
        }
        return Optional.empty();
    }
}
