package org.pgark.physical.backup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;

/** Small files that were received one after another, and such of which nothing had to be received. */
final class ReceivedBundle implements PackingTask {
    private final byte[] bytes;
    private final List<Member> members;

    /**
     * @param bytes of all members; not to be changed any more
     */
    ReceivedBundle(byte[] bytes, List<Member> members) {
        this.bytes = bytes;
        this.members = List.copyOf(members);
    }

    /**
     * One of the files.
     *
     * @param offset where its bytes begin in those of all
     * @param length how many they are, {@link Packer#FRAME_BYTES} at most
     * @param base what the base has of it
     * @param elsewhere what may be the same in other places
     */
    record Member(KnownFile file, int offset, int length, Earlier base, Earlier elsewhere) {}

    @Override
    public List<PackedPart> pack(Packer packer) throws IOException, FailedException, InterruptedException {
        List<Optional<Placement>> placements = new ArrayList<>(members.size());
        List<List<PageDamage>> damages = new ArrayList<>(members.size());
        for (Member member : members) {
            List<PageDamage> damaged = new ArrayList<>(0);
            damages.add(damaged);
            if (member.file.isKept()) {
                placements.add(Optional.empty());
                continue;
            }
            Placement placement = new Placement();
            placements.add(Optional.of(placement));
            if (member.length > 0) {
                packer.pack(
                        member.file,
                        new ReceivedPages(bytes, member.offset, member.length, 0),
                        0,
                        member.length,
                        member.base,
                        member.elsewhere,
                        placement,
                        damaged);
            }
        }
        packer.flush();
        List<PackedPart> parts = new ArrayList<>(members.size());
        for (int index = 0; index < members.size(); index++) {
            KnownFile file = members.get(index).file;
            List<PageDamage> damaged = damages.get(index);
            parts.add(placements
                    .get(index)
                    .map(placement ->
                            new PackedPart(file, true, true, 0, placement.extents(), placement.isUnchanged(), damaged))
                    .orElseGet(() -> PackedPart.kept(file)));
        }
        return parts;
    }
}
