package org.pgark.physical.backup;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.postgres.datadir.FileType;

/**
 * The directories, files and links that a backup has to copy, in the bytewise order of their paths.
 *
 * <p>Some thirty bytes and the last part of the name are kept of each, in columns, so that a million files fit into a
 * small heap; objects are only made of those that are being worked on. Filled by one thread, then read by any.
 */
final class SourceTree {
    private final List<Folder> folders = new ArrayList<>();
    private final Map<String, Integer> folderNumbers = new HashMap<>();
    private byte[] names = new byte[1 << 16];
    private int namesEnd;
    private int count;
    private int[] folder = new int[1 << 10];
    private int[] nameStart = new int[1 << 10];
    private long[] size = new long[1 << 10];
    private long[] modified = new long[1 << 10];
    private int[] mode = new int[1 << 10];
    private int[] owner = new int[1 << 10];
    private int[] group = new int[1 << 10];
    private long files;
    private long bytes;

    /** Makes a folder known before its content is added; {@code path} is relative and empty for the root. */
    int addFolder(String path, Path place) {
        folders.add(new Folder(path, place));
        folderNumbers.put(path, folders.size() - 1);
        return folders.size() - 1;
    }

    /** Adds what comes next in the order of paths. */
    void add(int inFolder, String name, FileStatus status) {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        if (count == folder.length) {
            grow();
        }
        if (namesEnd + encoded.length > names.length) {
            names = Arrays.copyOf(names, Math.max(names.length * 2, namesEnd + encoded.length));
        }
        System.arraycopy(encoded, 0, names, namesEnd, encoded.length);
        folders.get(inFolder).contains(count);
        folder[count] = inFolder;
        nameStart[count] = namesEnd;
        namesEnd += encoded.length;
        size[count] = status.size();
        modified[count] = status.modifiedMicros();
        mode[count] = status.mode();
        owner[count] = status.owner();
        group[count] = status.group();
        count++;
        if (status.type() == FileType.REGULAR) {
            files++;
            bytes += status.size();
        }
    }

    private void grow() {
        int length = count + (count >> 1);
        folder = Arrays.copyOf(folder, length);
        nameStart = Arrays.copyOf(nameStart, length);
        size = Arrays.copyOf(size, length);
        modified = Arrays.copyOf(modified, length);
        mode = Arrays.copyOf(mode, length);
        owner = Arrays.copyOf(owner, length);
        group = Arrays.copyOf(group, length);
    }

    /** How many directories, files and links there are. */
    int count() {
        return count;
    }

    /** The paths of all folders. */
    List<String> folders() {
        return folders.stream().map(known -> known.path).toList();
    }

    /** How many of them are files. */
    long files() {
        return files;
    }

    /** The sum of the files' sizes. */
    long bytes() {
        return bytes;
    }

    /** The thing at this place of the order. */
    SourceFile get(int index) {
        int start = nameStart[index];
        String name = new String(names, start, nameEnd(index) - start, StandardCharsets.UTF_8);
        Folder in = folders.get(folder[index]);
        return new SourceFile(
                in.path.isEmpty() ? name : in.path + "/" + name,
                in.place.resolve(name),
                new FileStatus(mode[index], owner[index], group[index], size[index], modified[index]));
    }

    /**
     * Whether there is something of this name in a folder that has no folders in it, as those of relations have none.
     */
    boolean contains(String folderPath, String name) {
        Integer number = folderNumbers.get(folderPath);
        if (number == null) {
            return false;
        }
        Folder searched = folders.get(number);
        if (!searched.isUnbroken()) {
            return false;
        }
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        int low = searched.first;
        int high = searched.first + searched.entries - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Arrays.compareUnsigned(names, nameStart[middle], nameEnd(middle), wanted, 0, wanted.length);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }

    private int nameEnd(int index) {
        return index + 1 < count ? nameStart[index + 1] : namesEnd;
    }

    /** A folder, and where its entries stand. */
    private static final class Folder {
        private final String path;
        private final Path place;
        private int first = -1;
        private int last = -1;
        private int entries;

        Folder(String path, Path place) {
            this.path = path;
            this.place = place;
        }

        void contains(int index) {
            if (first < 0) {
                first = index;
            }
            last = index;
            entries++;
        }

        boolean isUnbroken() {
            return first >= 0 && last - first + 1 == entries;
        }
    }
}
