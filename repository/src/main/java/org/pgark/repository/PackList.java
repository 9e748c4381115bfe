package org.pgark.repository;

import java.util.ArrayList;
import java.util.List;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.frame.ObjectId;
import org.pgark.repository.pack.PackSummary;

/** The packs that a backup needs, as bytes in its log entry: some twenty bytes each. */
final class PackList {
    private static final int VERSION = 1;

    private PackList() {}

    static byte[] encode(List<PackSummary> packs) {
        ByteEncoder target = new ByteEncoder(16 + packs.size() * 24);
        target.putByte(VERSION);
        target.putNumber(packs.size());
        for (PackSummary pack : packs) {
            target.putId(pack.id());
            target.putNumber(pack.size());
        }
        return target.toByteArray();
    }

    static List<PackSummary> decode(byte[] bytes) throws MalformedBytesException {
        ByteDecoder source = new ByteDecoder(bytes);
        int version = source.takeByte();
        if (version != VERSION) {
            throw new MalformedBytesException("a list of packs of version " + version);
        }
        List<PackSummary> packs = new ArrayList<>();
        for (int rest = source.takeCount("the number of packs"); rest > 0; rest--) {
            ObjectId id = source.takeId();
            long size = source.takeNumber();
            if (size < 1) {
                throw new MalformedBytesException("a pack of " + Long.toUnsignedString(size) + " bytes");
            }
            packs.add(new PackSummary(id, size));
        }
        source.expectEnd();
        return List.copyOf(packs);
    }
}
