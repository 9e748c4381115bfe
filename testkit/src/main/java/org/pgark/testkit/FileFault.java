package org.pgark.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** What disks and people do to files. Write-once files without write permission are changed too. */
public final class FileFault {
    private FileFault() {}

    /**
     * Flips the lowest bit of one byte.
     *
     * @param offset from the start, or from the end if negative
     */
    public static void flipBit(Path file, long offset) throws IOException {
        change(file, channel -> {
            long position = offset < 0 ? channel.size() + offset : offset;
            ByteBuffer one = ByteBuffer.allocate(1);
            if (channel.read(one, position) != 1) {
                throw new IOException("\"" + file + "\" has no byte at offset " + position);
            }
            one.put(0, (byte) (one.get(0) ^ 1)).flip();
            channel.write(one, position);
        });
    }

    /** Overwrites a range by zeros. */
    public static void zero(Path file, long offset, int bytes) throws IOException {
        change(file, channel -> channel.write(ByteBuffer.allocate(bytes), offset));
    }

    /** Cuts a file to this many bytes. */
    public static void truncate(Path file, long bytes) throws IOException {
        change(file, channel -> channel.truncate(bytes));
    }

    /** Lets two files change places. */
    public static void swap(Path one, Path other) throws IOException {
        Path aside = one.resolveSibling(one.getFileName() + ".swap");
        Files.move(one, aside);
        Files.move(other, one);
        Files.move(aside, other, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void change(Path file, Change change) throws IOException {
        boolean locked = !Files.isWritable(file);
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (locked) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            change.apply(channel);
        }
        if (locked) {
            Files.setPosixFilePermissions(file, mode);
        }
    }

    private interface Change {
        void apply(FileChannel channel) throws IOException;
    }
}
