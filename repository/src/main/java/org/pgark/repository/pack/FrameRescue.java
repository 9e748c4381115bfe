package org.pgark.repository.pack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.content.FrameContents;
import org.pgark.repository.frame.DamagedObjectException;
import org.pgark.repository.frame.FrameAddress;
import org.pgark.repository.frame.ObjectId;
import org.pgark.storage.NoSuchObjectException;

/**
 * Puts the content of a damaged frame together again, of other frames that hold the same content. What the frame held is
 * known by the hashes that its pack keeps of it; what is put together is taken only if it has these hashes. Reads the
 * contents of all packs, so it is slow; for several threads, one after the other.
 */
public final class FrameRescue {
    private final PackContentsCache contents;
    private final Packs packs;
    private final FrameReader reader;
    private final ContentHasher hasher;

    /** Says which packs there are. */
    @FunctionalInterface
    public interface Packs {
        /** All of them. */
        Collection<ObjectId> all() throws IOException;
    }

    /**
     * Searches these packs.
     *
     * @param reader is not closed
     */
    public FrameRescue(PackContentsCache contents, Packs packs, FrameReader reader, ContentHasher hasher) {
        this.contents = contents;
        this.packs = packs;
        this.reader = reader;
        this.hasher = hasher;
    }

    /**
     * The content of a frame, from elsewhere.
     *
     * @param content its raw bytes
     * @param from the packs that had it
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Rescued(byte[] content, List<ObjectId> from) {}

    private record Unit(int offset, int length) {}

    private record Source(FrameAddress frame, int offset) {}

    /**
     * What a frame held; empty if that is not known, or if no other frame has all of it.
     *
     * @param frame as a manifest or page map names it
     */
    public synchronized Optional<Rescued> rescue(FrameAddress frame) throws IOException {
        FrameAddress damaged = reader.current(frame);
        Map<String, List<Unit>> needed = needed(damaged);
        if (needed.isEmpty()) {
            return Optional.empty();
        }
        byte[] content = new byte[frame.rawLength()];
        Set<ObjectId> from = new TreeSet<>();
        for (ObjectId pack : packs.all()) {
            take(pack, damaged, needed, content, from);
            if (needed.isEmpty()) {
                return Optional.of(new Rescued(content, List.copyOf(from)));
            }
        }
        return Optional.empty();
    }

    /** Where in the damaged frame the content of each hash stood; empty if the pack does not tell all of it. */
    private Map<String, List<Unit>> needed(FrameAddress damaged) throws IOException {
        Map<String, List<Unit>> needed = new HashMap<>();
        try {
            Optional<FrameContents> known = contents.of(damaged.pack()).of(damaged.frame());
            if (known.isEmpty() || known.get().length() != damaged.rawLength()) {
                return Map.of();
            }
            visit(
                    known.get(),
                    (hash, unit) ->
                            needed.computeIfAbsent(hash, _ -> new ArrayList<>()).add(unit));
            return needed;
        } catch (DamagedObjectException | NoSuchObjectException e) {
            return Map.of();
        }
    }

    private interface UnitVisitor {
        void visit(String hash, Unit unit);
    }

    private static void visit(FrameContents contents, UnitVisitor visitor) {
        int begin = 0;
        for (FrameContents.Part part : contents.parts()) {
            for (int unit = 0; unit * ContentHasher.UNIT < part.length(); unit++) {
                int offset = unit * ContentHasher.UNIT;
                int at = unit * ContentHasher.LENGTH;
                visitor.visit(
                        HexFormat.of().formatHex(part.hashes(), at, at + ContentHasher.LENGTH),
                        new Unit(begin + offset, Math.min(ContentHasher.UNIT, part.length() - offset)));
            }
            begin += part.length();
        }
    }

    /** Takes what one pack has of what is needed. */
    private void take(
            ObjectId pack, FrameAddress damaged, Map<String, List<Unit>> needed, byte[] content, Set<ObjectId> from)
            throws IOException {
        Map<String, Source> sources = new LinkedHashMap<>();
        try {
            contents.survey(pack, (address, known) -> {
                if (!(pack.equals(damaged.pack()) && address.frame() == damaged.frame())) {
                    visit(known, (hash, unit) -> {
                        if (needed.containsKey(hash)) {
                            sources.putIfAbsent(hash, new Source(address, unit.offset()));
                        }
                    });
                }
            });
        } catch (DamagedObjectException | NoSuchObjectException e) {
            return;
        }
        for (Map.Entry<String, Source> entry : sources.entrySet()) {
            List<Unit> units = needed.getOrDefault(entry.getKey(), List.of());
            if (copy(entry.getKey(), entry.getValue(), units, content)) {
                needed.remove(entry.getKey());
                from.add(pack);
            }
        }
    }

    private boolean copy(String hash, Source source, List<Unit> units, byte[] content) throws IOException {
        byte[] raw = new byte[source.frame().rawLength()];
        try {
            reader.read(source.frame(), raw);
        } catch (DamagedObjectException | NoSuchObjectException e) {
            return false;
        }
        int length = units.getFirst().length();
        byte[] actual = new byte[ContentHasher.LENGTH];
        if (source.offset() + length > raw.length) {
            return false;
        }
        hasher.hashUnit(raw, source.offset(), length, actual, 0);
        if (!HexFormat.of().formatHex(actual).equals(hash)) {
            return false;
        }
        for (Unit unit : units) {
            System.arraycopy(raw, source.offset(), content, unit.offset(), unit.length());
        }
        return true;
    }
}
