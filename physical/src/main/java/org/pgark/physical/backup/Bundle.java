package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.datadir.FileType;

/**
 * Neighbours in the order of paths, each small enough to share frames with others. They are read to the end that they
 * have when they are opened.
 *
 * @param members also directories, links and files of which nothing has to be read, which only take their place in the
 *     order
 */
record Bundle(List<Member> members) implements PackingTask {
    /** How many raw bytes may come together. */
    static final long MAX_BYTES = 4 << 20;
    /** How many files may come together. */
    static final int MAX_FILES = 1000;

    /**
     * One of the neighbours.
     *
     * @param base what the base has of it
     * @param elsewhere what may be the same in other places
     */
    record Member(KnownFile file, Earlier base, Earlier elsewhere) {}

    @Override
    public List<PackedPart> pack(Packer packer) throws IOException, FailedException, InterruptedException {
        List<Waiting> waiting = new ArrayList<>(members.size());
        for (Member member : members) {
            if (member.file.source().status().type() != FileType.REGULAR) {
                waiting.add(Waiting.of(PackedPart.withoutContent(member.file)));
            } else if (member.file.isKept()) {
                packer.passedOver(member.file.source().status().size());
                waiting.add(Waiting.of(PackedPart.kept(member.file)));
            } else {
                waiting.add(read(packer, member));
            }
        }
        packer.flush();
        return waiting.stream().map(Waiting::part).toList();
    }

    private static Waiting read(Packer packer, Member member)
            throws IOException, FailedException, InterruptedException {
        FileChannel opened;
        try {
            opened = FileChannel.open(member.file.source().place(), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return Waiting.of(PackedPart.vanished(member.file, true));
        } catch (IOException e) {
            throw UnreadableFile.failure(member.file.source().path(), e);
        }
        try (FileChannel channel = opened) {
            return read(packer, member, channel);
        }
    }

    private static Waiting read(Packer packer, Member member, FileChannel channel)
            throws IOException, FailedException, InterruptedException {
        Placement placement = new Placement();
        List<PageDamage> damages = new ArrayList<>(0);
        long size = channel.size();
        long done = 0;
        while (done < size) {
            int wanted = (int) Math.min(Packer.FRAME_BYTES, size - done);
            int read = packer.pack(
                    member.file,
                    PageSource.of(channel),
                    done,
                    wanted,
                    member.base,
                    member.elsewhere,
                    placement,
                    damages);
            done += read;
            if (read < wanted) {
                break;
            }
        }
        return new Waiting(member.file, placement, damages);
    }

    /** A file whose extents are known when the last frame is written. */
    private record Waiting(KnownFile file, Placement placement, List<PageDamage> damages, Optional<PackedPart> done) {
        Waiting(KnownFile file, Placement placement, List<PageDamage> damages) {
            this(file, placement, damages, Optional.empty());
        }

        static Waiting of(PackedPart done) {
            return new Waiting(done.file(), new Placement(), List.of(), Optional.of(done));
        }

        PackedPart part() {
            return done.orElseGet(
                    () -> new PackedPart(file, true, true, 0, placement.extents(), placement.isUnchanged(), damages));
        }
    }
}
