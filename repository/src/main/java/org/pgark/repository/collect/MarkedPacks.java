package org.pgark.repository.collect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.PackSummary;

/**
 * What a mark says about packs.
 *
 * @param dead packs of which nothing is needed
 * @param created new packs, which have what was needed of others
 * @param rewritten the others, each with the number of its new pack in {@code created}
 * @param handedOn packs that were rewritten before, into packs that are rewritten now; likewise
 */
public record MarkedPacks(
        List<PackSummary> dead,
        List<PackSummary> created,
        SequencedMap<PackSummary, Integer> rewritten,
        SequencedMap<ObjectId, Integer> handedOn) {
    private static final int VERSION = 1;

    public MarkedPacks {
        dead = List.copyOf(dead);
        created = List.copyOf(created);
        rewritten = new LinkedHashMap<>(rewritten);
        handedOn = new LinkedHashMap<>(handedOn);
    }

    /** Whether nothing is marked. */
    public boolean isEmpty() {
        return dead.isEmpty() && rewritten.isEmpty();
    }

    /** The packs that are deleted once nobody reads them any more. */
    public List<PackSummary> goners() {
        List<PackSummary> goners = new ArrayList<>(dead);
        goners.addAll(rewritten.keySet());
        return goners;
    }

    /** For each pack that was rewritten, now or before, the one that has its needed frames now. */
    public Map<ObjectId, PackSummary> moves() {
        Map<ObjectId, PackSummary> moves = new HashMap<>();
        handedOn.forEach((pack, index) -> moves.put(pack, created.get(index)));
        rewritten.forEach((pack, index) -> moves.put(pack.id(), created.get(index)));
        return moves;
    }

    /** The bytes that stand in the log's entry. */
    public byte[] encode() {
        ByteEncoder target = new ByteEncoder(64 + 24 * (dead.size() + created.size() + rewritten.size()));
        target.putByte(VERSION);
        BiConsumer<ByteEncoder, PackSummary> pack = (encoder, summary) -> {
            encoder.putId(summary.id());
            encoder.putNumber(summary.size());
        };
        target.putNumber(dead.size());
        dead.forEach(summary -> pack.accept(target, summary));
        target.putNumber(created.size());
        created.forEach(summary -> pack.accept(target, summary));
        target.putNumber(rewritten.size());
        rewritten.forEach((summary, index) -> {
            pack.accept(target, summary);
            target.putNumber(index);
        });
        target.putNumber(handedOn.size());
        handedOn.forEach((id, index) -> {
            target.putId(id);
            target.putNumber(index);
        });
        return target.toByteArray();
    }

    /** Reads what {@link #encode} wrote. */
    public static MarkedPacks decode(byte[] bytes) throws MalformedBytesException {
        ByteDecoder source = new ByteDecoder(bytes);
        int version = source.takeByte();
        if (version != VERSION) {
            throw new MalformedBytesException("marked packs of version " + version);
        }
        List<PackSummary> dead = takePacks(source);
        List<PackSummary> created = takePacks(source);
        SequencedMap<PackSummary, Integer> rewritten = new LinkedHashMap<>();
        for (int rest = source.takeCount("the number of rewritten packs"); rest > 0; rest--) {
            PackSummary pack = takePack(source);
            rewritten.put(pack, takeIndex(source, created));
        }
        SequencedMap<ObjectId, Integer> handedOn = new LinkedHashMap<>();
        for (int rest = source.takeCount("the number of packs handed on"); rest > 0; rest--) {
            ObjectId pack = source.takeId();
            handedOn.put(pack, takeIndex(source, created));
        }
        source.expectEnd();
        return new MarkedPacks(dead, created, rewritten, handedOn);
    }

    private static List<PackSummary> takePacks(ByteDecoder source) throws MalformedBytesException {
        List<PackSummary> packs = new ArrayList<>();
        for (int rest = source.takeCount("the number of packs"); rest > 0; rest--) {
            packs.add(takePack(source));
        }
        return packs;
    }

    private static PackSummary takePack(ByteDecoder source) throws MalformedBytesException {
        ObjectId id = source.takeId();
        long size = source.takeNumber();
        if (size < 1) {
            throw new MalformedBytesException("a pack of " + Long.toUnsignedString(size) + " bytes");
        }
        return new PackSummary(id, size);
    }

    private static int takeIndex(ByteDecoder source, List<PackSummary> created) throws MalformedBytesException {
        return source.takeNumber(created.size() - 1, "the number of a new pack");
    }
}
