package org.pgark.logical.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A tar archive: the files of a directory archive, uncompressed, {@code toc.dat} first and {@code restore.sql} last. In a
 * file, members are found again by their place; from a pipe they come only once and in their order.
 */
final class TarArchiveReader implements ArchiveReader {
    private static final String BLOB = "blob_";

    private record Place(long position, long size) {}

    private final ArchiveInput in;
    private final TarMembers members;
    private final ArchiveHead head;
    private final List<StoredEntry> entries;
    private final Map<String, Place> places = new HashMap<>();
    private boolean allSeen;
    private IntPredicate needed = _ -> false;

    static TarArchiveReader open(ArchiveInput in, ArchiveMessages messages) throws IOException {
        TarMembers members = new TarMembers(in);
        TarHeader first = members.next()
                .orElseThrow(() -> new ArchiveException("could not find header for file \"toc.dat\" in tar archive"));
        while (!first.name().equals("toc.dat")) {
            first = members.next()
                    .orElseThrow(
                            () -> new ArchiveException("could not find header for file \"toc.dat\" in tar archive"));
        }
        ArchiveDecoder decoder = new ArchiveDecoder(members.content(first.size()));
        ArchiveHead head = new HeadReader(decoder, messages, ZoneId.systemDefault()).read(ArchiveFormat.TAR);
        if (head.compression().method() != CompressionMethod.NONE) {
            throw new ArchiveException("compression is not supported by tar archive format");
        }
        List<StoredEntry> entries =
                new TocReader(decoder, messages, () -> new DataPlace.File(decoder.readText())).read();
        return new TarArchiveReader(in, members, head, entries);
    }

    private TarArchiveReader(ArchiveInput in, TarMembers members, ArchiveHead head, List<StoredEntry> entries) {
        this.in = in;
        this.members = members;
        this.head = head;
        this.entries = List.copyOf(entries);
    }

    @Override
    public ArchiveHead head() {
        return head;
    }

    @Override
    public List<StoredEntry> entries() {
        return entries;
    }

    private Optional<TarHeader> nextMember() throws IOException {
        Optional<TarHeader> member = members.next();
        if (member.isEmpty()) {
            allSeen = true;
        } else if (in.isSeekable()) {
            places.put(
                    member.get().name(), new Place(in.position(), member.get().size()));
        }
        return member;
    }

    private InputStream open(String name) throws IOException {
        if (in.isSeekable()) {
            return openAnywhere(name);
        }
        for (Optional<TarHeader> member = nextMember(); member.isPresent(); member = nextMember()) {
            if (member.get().name().equals(name)) {
                return members.content(member.get().size());
            }
            requireNotNeeded(member.get().name(), name);
        }
        throw new ArchiveException("could not find header for file \"" + name + "\" in tar archive");
    }

    private void requireNotNeeded(String passed, String wanted) throws ArchiveException {
        int digits = 0;
        while (digits < passed.length() && Character.isDigit(passed.charAt(digits)) && digits < 9) {
            digits++;
        }
        if (digits > 0 && needed.test(Integer.parseInt(passed.substring(0, digits)))) {
            throw new ArchiveException("restoring data out of order is not supported in this archive format: \""
                    + passed + "\" is required, but comes before \"" + wanted + "\" in the archive file.");
        }
    }

    private InputStream openAnywhere(String name) throws IOException {
        Place known = places.get(name);
        while (known == null && !allSeen) {
            nextMember();
            known = places.get(name);
        }
        if (known == null) {
            throw new ArchiveException("could not find header for file \"" + name + "\" in tar archive");
        }
        in.seek(known.position());
        return members.content(known.size());
    }

    private static String fileName(StoredEntry entry) {
        return entry.place() instanceof DataPlace.File(String name) ? name : "";
    }

    @Override
    public void readTable(StoredEntry entry, OutputStream out) throws IOException {
        if (!fileName(entry).isEmpty()) {
            try (InputStream data = open(fileName(entry))) {
                data.transferTo(out);
            }
        }
    }

    /**
     * The list of large objects comes behind them. So the first one is looked for by the OID that the entry's tag begins
     * with (before 1.16: whichever comes), and those that follow at once belong to it.
     */
    @Override
    public void readLargeObjects(StoredEntry entry, LargeObjectSink sink) throws IOException {
        if (head.version().isAtLeast(ArchiveVersion.V1_16)) {
            long first = leadingNumber(entry.entry().tag());
            try (InputStream data = open(LargeObjectLine.fileName(first));
                    OutputStream object = sink.begin(first)) {
                data.transferTo(object);
            }
            if (in.isSeekable()) {
                // Go on where this one ends, wherever the search for members had come to.
                members.continueAfter(in.position());
            }
            readFollowing(sink, true);
        } else {
            if (in.isSeekable()) {
                members.rewind();
            }
            readFollowing(sink, false);
        }
    }

    private void readFollowing(LargeObjectSink sink, boolean alreadyFound) throws IOException {
        boolean found = alreadyFound;
        for (Optional<TarHeader> member = nextMember(); member.isPresent(); member = nextMember()) {
            String name = member.get().name();
            if (!name.startsWith(BLOB)) {
                if (found) {
                    return;
                }
                continue;
            }
            long oid = leadingNumber(name.substring(BLOB.length()));
            if (oid != 0) {
                try (InputStream data = members.content(member.get().size());
                        OutputStream object = sink.begin(oid)) {
                    data.transferTo(object);
                }
                found = true;
            }
        }
    }

    private static long leadingNumber(String text) {
        long value = 0;
        for (int index = 0; index < text.length() && index < 10 && Character.isDigit(text.charAt(index)); index++) {
            value = value * 10 + text.charAt(index) - '0';
        }
        return value;
    }

    @Override
    public long size(StoredEntry entry) {
        return 0;
    }

    @Override
    public void setNeeded(IntPredicate dumpIds) {
        needed = dumpIds;
    }

    @Override
    public ArchiveReader again() throws IOException {
        throw new ArchiveException("parallel restore is not supported with this archive file format");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
