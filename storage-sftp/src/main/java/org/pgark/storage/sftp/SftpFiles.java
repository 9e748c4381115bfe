package org.pgark.storage.sftp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What can be asked of a server about files and folders. Contents go in pieces, many of them under way at once, so that the
 * way to the server and back is not waited for again and again.
 */
final class SftpFiles {
    static final int READ = 1;
    static final int WRITE = 2;
    static final int CREATE = 8;
    static final int EXCLUSIVE = 0x20;

    private static final int HAS_PERMISSIONS = 4;
    private static final int HAS_TIMES = 8;
    private static final int FILE_MODE = 0640;
    private static final int FOLDER_MODE = 0750;

    /** Every server takes as much. */
    private static final int PIECE = 32 << 10;

    private static final int MOST_UNDER_WAY = 64;

    private final SftpChannel channel;

    SftpFiles(SftpChannel channel) {
        this.channel = channel;
    }

    boolean has(String extension) {
        return channel.has(extension);
    }

    /** Opens a file; the handle is the server's name for it. */
    byte[] open(String path, int flags) throws IOException {
        SftpRequest request = new SftpRequest(SftpRequest.OPEN).text(path).number(flags);
        if ((flags & CREATE) == 0) {
            request.number(0);
        } else {
            request.number(HAS_PERMISSIONS).number(FILE_MODE);
        }
        return channel.ask(request).expect(SftpAnswer.HANDLE).bytes();
    }

    void close(byte[] handle) throws IOException {
        channel.ask(onHandle(SftpRequest.CLOSE, handle)).expectDone();
    }

    /** Closes a handle of which nothing more is expected. */
    void forget(byte[] handle) throws IOException {
        channel.tell(onHandle(SftpRequest.CLOSE, handle));
    }

    private static SftpRequest onHandle(byte type, byte[] handle) {
        return new SftpRequest(type).bytes(handle, 0, handle.length);
    }

    private static SftpRequest extended(String extension) {
        return new SftpRequest(SftpRequest.EXTENDED).text(extension);
    }

    /** A piece of a file that was asked for. */
    private record Piece(long offset, int length, CompletableFuture<SftpAnswer> answer) {}

    /**
     * Reads until {@code target} is full; what came before a failure is in it.
     *
     * @throws EOFException if the file ends before
     */
    void read(byte[] handle, long offset, ByteBuffer target) throws IOException {
        Deque<Piece> underWay = new ArrayDeque<>();
        long asked = offset;
        long end = offset + target.remaining();
        while (target.hasRemaining()) {
            while (asked < end && underWay.size() < MOST_UNDER_WAY) {
                int length = (int) Math.min(PIECE, end - asked);
                underWay.add(new Piece(asked, length, channel.send(readRequest(handle, asked, length))));
                asked += length;
            }
            Piece first = underWay.remove();
            int came = take(first.answer(), target);
            while (came < first.length()) {
                came += take(channel.send(readRequest(handle, first.offset() + came, first.length() - came)), target);
            }
        }
    }

    private static SftpRequest readRequest(byte[] handle, long offset, int length) {
        return onHandle(SftpRequest.READ, handle).number(offset).number(length);
    }

    private int take(CompletableFuture<SftpAnswer> asked, ByteBuffer target) throws IOException {
        try {
            byte[] data = channel.await(asked).expect(SftpAnswer.DATA).bytes();
            if (data.length == 0 || data.length > target.remaining()) {
                throw new IOException("the server sent " + data.length + " bytes that were not asked for");
            }
            target.put(data);
            return data.length;
        } catch (SftpStatus e) {
            if (e.code() == SftpStatus.END_OF_FILE) {
                throw (EOFException) new EOFException("the file ends too early").initCause(e);
            }
            throw e;
        }
    }

    /** Writes bytes at a place of a file, makes them durable where the server can, and closes the file. */
    void writeAndClose(byte[] handle, long offset, byte[] content, int length) throws IOException {
        Deque<CompletableFuture<SftpAnswer>> underWay = new ArrayDeque<>();
        for (int at = 0; at < length; at += PIECE) {
            if (underWay.size() == MOST_UNDER_WAY) {
                channel.await(underWay.remove()).expectDone();
            }
            underWay.add(channel.send(onHandle(SftpRequest.WRITE, handle)
                    .number(offset + at)
                    .bytes(content, at, Math.min(PIECE, length - at))));
        }
        if (channel.has(SftpChannel.SYNCHRONISE)) {
            underWay.add(channel.send(synchronisation(handle)));
        }
        underWay.add(channel.send(onHandle(SftpRequest.CLOSE, handle)));
        for (CompletableFuture<SftpAnswer> step : underWay) {
            channel.await(step).expectDone();
        }
    }

    private static SftpRequest synchronisation(byte[] handle) {
        return extended(SftpChannel.SYNCHRONISE).bytes(handle, 0, handle.length);
    }

    /** Makes what was written durable, where the server can. */
    void synchronise(byte[] handle) throws IOException {
        if (channel.has(SftpChannel.SYNCHRONISE)) {
            channel.ask(synchronisation(handle)).expectDone();
        }
    }

    /** What the server says of a file or folder, following symbolic links; empty if there is none. */
    Optional<SftpAttributes> attributes(String path) throws IOException {
        try {
            return Optional.of(channel.ask(new SftpRequest(SftpRequest.ATTRIBUTES).text(path))
                    .expect(SftpAnswer.ATTRIBUTES)
                    .attributes());
        } catch (SftpStatus e) {
            if (e.code() == SftpStatus.NO_SUCH_FILE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Sets the time of a file's last change, in seconds since 1970. */
    void setModified(String path, int seconds) throws IOException {
        channel.ask(new SftpRequest(SftpRequest.SET_ATTRIBUTES)
                        .text(path)
                        .number(HAS_TIMES)
                        .number(seconds)
                        .number(seconds))
                .expectDone();
    }

    /** What is in a folder, in no order; nothing if there is no such folder. */
    List<SftpEntry> entries(String folder) throws IOException {
        byte[] handle;
        try {
            handle = channel.ask(new SftpRequest(SftpRequest.OPEN_FOLDER).text(folder))
                    .expect(SftpAnswer.HANDLE)
                    .bytes();
        } catch (SftpStatus e) {
            if (e.code() == SftpStatus.NO_SUCH_FILE || isFile(folder)) {
                return List.of();
            }
            throw e;
        }
        List<SftpEntry> found = new ArrayList<>();
        boolean more = true;
        while (more) {
            more = readEntries(handle, found);
        }
        forget(handle);
        return found;
    }

    private boolean isFile(String path) throws IOException {
        return attributes(path).map(found -> !found.isFolder()).orElse(true);
    }

    private boolean readEntries(byte[] handle, List<SftpEntry> found) throws IOException {
        SftpAnswer answer;
        try {
            answer = channel.ask(onHandle(SftpRequest.READ_FOLDER, handle)).expect(SftpAnswer.NAMES);
        } catch (SftpStatus e) {
            if (e.code() == SftpStatus.END_OF_FILE) {
                return false;
            }
            throw e;
        }
        for (int names = answer.number(); names > 0; names--) {
            String name = answer.text();
            answer.bytes();
            SftpAttributes attributes = answer.attributes();
            if (!name.equals(".") && !name.equals("..")) {
                found.add(new SftpEntry(name, attributes));
            }
        }
        return true;
    }

    void makeFolder(String path) throws IOException {
        channel.ask(new SftpRequest(SftpRequest.MAKE_FOLDER)
                        .text(path)
                        .number(HAS_PERMISSIONS)
                        .number(FOLDER_MODE))
                .expectDone();
    }

    /** Removes a file; whether there was one. */
    boolean remove(String path) throws IOException {
        try {
            channel.ask(new SftpRequest(SftpRequest.REMOVE).text(path)).expectDone();
            return true;
        } catch (SftpStatus e) {
            if (e.code() == SftpStatus.NO_SUCH_FILE) {
                return false;
            }
            throw e;
        }
    }

    /** Gives a file a second name; refused if that is taken. */
    void link(String from, String to) throws IOException {
        channel.ask(extended(SftpChannel.HARD_LINK).text(from).text(to)).expectDone();
    }

    /** Gives a file another name; the protocol's third version refuses it if that is taken. */
    void rename(String from, String to) throws IOException {
        channel.ask(new SftpRequest(SftpRequest.RENAME).text(from).text(to)).expectDone();
    }
}
