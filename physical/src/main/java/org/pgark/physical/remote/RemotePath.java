package org.pgark.physical.remote;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A path on the server: absolute, or relative to its data directory. */
final class RemotePath implements Path {
    private final RemoteFileSystem files;
    private final String text;

    RemotePath(RemoteFileSystem files, String text) {
        this.files = files;
        String single = text.replaceAll("/{2,}", "/");
        this.text = single.length() > 1 && single.endsWith("/") ? single.substring(0, single.length() - 1) : single;
    }

    private RemotePath of(String other) {
        return new RemotePath(files, other);
    }

    private List<String> names() {
        String names = text.startsWith("/") ? text.substring(1) : text;
        return names.isEmpty() ? List.of() : List.of(names.split("/"));
    }

    @Override
    public RemoteFileSystem getFileSystem() {
        return files;
    }

    @Override
    public boolean isAbsolute() {
        return text.startsWith("/");
    }

    @Override
    public @Nullable Path getRoot() {
        return isAbsolute() ? of("/") : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return text.equals("/") ? null : of(text.substring(text.lastIndexOf('/') + 1));
    }

    @Override
    public @Nullable Path getParent() {
        int slash = text.lastIndexOf('/');
        if (slash < 0 || text.equals("/")) {
            return null;
        }
        return of(slash == 0 ? "/" : text.substring(0, slash));
    }

    @Override
    public int getNameCount() {
        return names().size();
    }

    @Override
    public Path getName(int index) {
        return of(names().get(index));
    }

    @Override
    public Path subpath(int beginIndex, int endIndex) {
        return of(String.join("/", names().subList(beginIndex, endIndex)));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof RemotePath path
                && path.isAbsolute() == isAbsolute()
                && path.names().size() <= names().size()
                && names().subList(0, path.names().size()).equals(path.names());
    }

    @Override
    public boolean endsWith(Path other) {
        List<String> mine = names();
        return other instanceof RemotePath path
                && path.names().size() <= mine.size()
                && mine.subList(mine.size() - path.names().size(), mine.size()).equals(path.names());
    }

    @Override
    public Path normalize() {
        Deque<String> kept = new ArrayDeque<>();
        for (String name : names()) {
            if (name.equals("..") && !kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!name.equals(".")) {
                kept.addLast(name);
            }
        }
        return of((isAbsolute() ? "/" : "") + String.join("/", kept));
    }

    @Override
    public Path resolve(Path other) {
        if (other.isAbsolute() || text.isEmpty()) {
            return of(other.toString());
        }
        return other.toString().isEmpty() ? this : of(text + "/" + other);
    }

    @Override
    public Path relativize(Path other) {
        if (!other.startsWith(this)) {
            throw new IllegalArgumentException("\"" + other + "\" is not below \"" + this + "\"");
        }
        List<String> names = ((RemotePath) other).names();
        return of(String.join("/", names.subList(names().size(), names.size())));
    }

    @Override
    public URI toUri() {
        throw new UnsupportedOperationException("a URI of a remote file");
    }

    @Override
    public Path toAbsolutePath() {
        return isAbsolute() ? this : of(files.dataDirectoryText() + "/" + text);
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        Optional<String> target = files.linkTarget(this);
        return target.isPresent() ? of(target.get()) : toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("changes of remote files");
    }

    @Override
    public int compareTo(Path other) {
        return text.compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RemotePath path && path.files == files && path.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
