package org.pgark.physical.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.physical.failure.FailedException;
import org.pgark.postgres.datadir.FileType;
import org.pgark.repository.manifest.Extent;
import org.pgark.repository.manifest.ManifestEntry;
import org.pgark.repository.manifest.ManifestReader;

/**
 * The files of a backup that come in any order, put into that of their paths at the end. Some fifty bytes and the last
 * part of the name are kept of each; where their content stands waits in a temporary file. Not for several threads.
 */
final class ReceivedFiles implements AutoCloseable {
    private static final Reading NOTHING_TO_READ = new Reading(new BitSet(), new BitSet());
    /** In the place of a number that says where the content's places stand. */
    private static final long NO_CONTENT = -1;

    private static final long AS_IN_BASE = -2;

    private final PlaceSpool spool;
    private final List<String> folders = new ArrayList<>();
    private final Map<String, Integer> folderNumbers = new HashMap<>();
    private final Map<Integer, String> linkTargets = new HashMap<>();
    private byte[] names = new byte[1 << 12];
    private int namesEnd;
    private int count;
    private int[] folder = new int[1 << 8];
    private int[] nameStart = new int[1 << 8];
    private int[] nameEnd = new int[1 << 8];
    private long[] size = new long[1 << 8];
    private long[] modified = new long[1 << 8];
    private int[] mode = new int[1 << 8];
    private int[] owner = new int[1 << 8];
    private int[] group = new int[1 << 8];
    private long[] place = new long[1 << 8];
    private final List<Extent> extents = new ArrayList<>();
    private final List<PageDamage> damages = new ArrayList<>();
    private boolean unchanged = true;

    ReceivedFiles() throws IOException {
        this.spool = new PlaceSpool();
    }

    /** Takes up a directory or a link. */
    void add(SourceFile file) {
        file.linkTarget().ifPresent(target -> linkTargets.put(count, target));
        add(file, NO_CONTENT, 0);
    }

    /** Takes up a part of a file; the parts of one file come one after another. */
    void add(PackedPart part) throws IOException {
        extents.addAll(part.extents());
        damages.addAll(part.damages());
        unchanged &= part.unchanged();
        if (part.last()) {
            boolean kept = part.file().isKept() || isAsInBase(part.file());
            long length = kept
                    ? part.file().base().orElseThrow().size()
                    : extents.stream().mapToLong(Extent::length).sum();
            add(part.file().source(), kept ? AS_IN_BASE : spool.put(extents, damages), length);
            extents.clear();
            damages.clear();
            unchanged = true;
        }
    }

    private boolean isAsInBase(KnownFile file) {
        return unchanged
                && file.base()
                        .filter(base -> base.size()
                                == extents.stream().mapToLong(Extent::length).sum())
                        .filter(base -> base.damagedPages()
                                .equals(damages.stream().map(PageDamage::page).toList()))
                        .isPresent();
    }

    private void add(SourceFile file, long content, long length) {
        if (count == folder.length) {
            grow();
        }
        int slash = file.path().lastIndexOf('/');
        byte[] name = file.path().substring(slash + 1).getBytes(StandardCharsets.UTF_8);
        if (namesEnd + name.length > names.length) {
            names = Arrays.copyOf(names, Math.max(names.length + (names.length >> 1), namesEnd + name.length));
        }
        System.arraycopy(name, 0, names, namesEnd, name.length);
        folder[count] = folderNumbers.computeIfAbsent(file.path().substring(0, Math.max(slash, 0)), path -> {
            folders.add(path);
            return folders.size() - 1;
        });
        nameStart[count] = namesEnd;
        namesEnd += name.length;
        nameEnd[count] = namesEnd;
        size[count] = length;
        modified[count] = file.status().modifiedMicros();
        mode[count] = file.status().mode();
        owner[count] = file.status().owner();
        group[count] = file.status().group();
        place[count] = content;
        count++;
    }

    private void grow() {
        int length = count + (count >> 1);
        folder = Arrays.copyOf(folder, length);
        nameStart = Arrays.copyOf(nameStart, length);
        nameEnd = Arrays.copyOf(nameEnd, length);
        size = Arrays.copyOf(size, length);
        modified = Arrays.copyOf(modified, length);
        mode = Arrays.copyOf(mode, length);
        owner = Arrays.copyOf(owner, length);
        group = Arrays.copyOf(group, length);
        place = Arrays.copyOf(place, length);
    }

    private String path(int index) {
        String name = new String(names, nameStart[index], nameEnd[index] - nameStart[index], StandardCharsets.UTF_8);
        String in = folders.get(folder[index]);
        return in.isEmpty() ? name : in + "/" + name;
    }

    private int compare(int left, int right) {
        return folder[left] == folder[right]
                ? Arrays.compareUnsigned(names, nameStart[left], nameEnd[left], names, nameStart[right], nameEnd[right])
                : PathOrder.BYTEWISE.compare(path(left), path(right));
    }

    /**
     * Gives everything to the manifest, and to a tree, in the order of paths.
     *
     * @param base the manifest of the base, from its beginning
     */
    void assemble(ManifestAssembly assembly, SourceTree tree, Optional<ManifestReader.Cursor> base)
            throws IOException, FailedException {
        Integer[] order = new Integer[count];
        Arrays.setAll(order, index -> index);
        Arrays.sort(order, this::compare);
        BaseEntries entries = new BaseEntries(base);
        Map<String, Integer> numbers = new HashMap<>();
        String before = "";
        for (int index : order) {
            SourceFile file = source(index);
            if (file.path().equals(before)) {
                throw new IOException("server sent \"" + file.path() + "\" twice");
            }
            before = file.path();
            String in = folders.get(folder[index]);
            Integer number = numbers.get(in);
            if (number == null) {
                number = tree.addFolder(in, Path.of(in));
                numbers.put(in, number);
            }
            tree.add(number, file.path().substring(in.isEmpty() ? 0 : in.length() + 1), file.status());
            assembly.add(part(file, place[index], entries));
        }
        assembly.endOfParts();
    }

    private SourceFile source(int index) {
        String path = path(index);
        return new SourceFile(
                path,
                Path.of(path),
                new FileStatus(mode[index], owner[index], group[index], size[index], modified[index]),
                Optional.ofNullable(linkTargets.get(index)));
    }

    private PackedPart part(SourceFile file, long content, BaseEntries base) throws IOException {
        if (file.status().type() != FileType.REGULAR) {
            return PackedPart.withoutContent(KnownFile.unknown(file));
        }
        if (content == AS_IN_BASE) {
            return PackedPart.kept(
                    new KnownFile(file, Optional.of(base.of(file.path())), Optional.of(NOTHING_TO_READ)));
        }
        PlaceSpool.Content stored = spool.get(content);
        return new PackedPart(KnownFile.unknown(file), true, true, 0, stored.extents(), false, stored.damages());
    }

    /** Walks along the base in the order of paths. */
    private static final class BaseEntries {
        private final Optional<ManifestReader.Cursor> cursor;

        BaseEntries(Optional<ManifestReader.Cursor> cursor) {
            this.cursor = cursor;
        }

        ManifestEntry.File of(String path) throws IOException {
            while (true) {
                Optional<ManifestEntry> next = cursor.orElseThrow().next();
                if (next.isEmpty() || PathOrder.BYTEWISE.compare(next.get().path(), path) > 0) {
                    throw new IOException("the base's manifest does not have \"" + path + "\" any more");
                }
                if (next.get() instanceof ManifestEntry.File file && file.path().equals(path)) {
                    return file;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
