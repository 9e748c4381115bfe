package org.pgark.physical.backup;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.pgark.physical.ProgressListener;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.datadir.CopyRule;
import org.pgark.postgres.datadir.CopyRules;
import org.pgark.postgres.datadir.FileType;

/** Lists what a backup has to copy of a data directory while its server changes it; what vanishes meanwhile is left out. */
final class TreeWalk {
    /** Where the server keeps one link for each tablespace, named by its object id. */
    static final String TABLESPACES = "pg_tblspc";

    private final Path root;
    private final PostgresMajor major;
    private final ProgressListener progress;
    private final SourceTree tree = new SourceTree();
    private final Set<Path> tablespacesInside = new HashSet<>();

    private TreeWalk(Path root, PostgresMajor major, ProgressListener progress) {
        this.root = root;
        this.major = major;
        this.progress = progress;
    }

    static SourceTree of(Path dataDirectory, PostgresMajor major, ProgressListener progress)
            throws OperationException, InterruptedException {
        TreeWalk walk = new TreeWalk(dataDirectory, major, progress);
        walk.findTablespacesInside();
        walk.folder(new Folder("", dataDirectory, false));
        return walk.tree;
    }

    private void findTablespacesInside() throws FailedException {
        Path links = root.resolve(TABLESPACES);
        for (String name : names(TABLESPACES, links)) {
            Path link = links.resolve(name);
            try {
                if (!Files.isSymbolicLink(link)) {
                    continue;
                }
                ExactName.of(
                        Files.readSymbolicLink(link), "target of symbolic link \"" + TABLESPACES + "/" + name + "\"");
                if (link.toRealPath().startsWith(root.toRealPath())) {
                    tablespacesInside.add(link.toRealPath());
                }
            } catch (NoSuchFileException e) {
                // dropped meanwhile
            } catch (IOException e) {
                throw UnreadableFile.failure(TABLESPACES + "/" + name, e);
            }
        }
    }

    private void folder(Folder folder) throws OperationException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        List<String> names = names(folder.path, folder.place);
        IntPredicate unlogged = CopyRules.unloggedAmong(names);
        int number = tree.addFolder(folder.path, folder.place);
        // In the order of paths the content of "a" stands behind "a-b", since "a/" does.
        TreeMap<String, Folder> waiting = new TreeMap<>(PathOrder.BYTEWISE);
        for (String name : names) {
            while (!waiting.isEmpty() && PathOrder.BYTEWISE.compare(waiting.firstKey(), name) < 0) {
                folder(waiting.pollFirstEntry().getValue());
            }
            if (!folder.isTablespace || name.equals(major.tablespaceVersionDirectory())) {
                visit(folder, number, name, unlogged, waiting);
            }
        }
        for (Folder last : waiting.values()) {
            folder(last);
        }
    }

    private void visit(Folder folder, int number, String name, IntPredicate unlogged, Map<String, Folder> waiting)
            throws OperationException {
        Path place = folder.place.resolve(name);
        String path = folder.path.isEmpty() ? name : folder.path + "/" + name;
        try {
            FileStatus status = FileStatus.read(place);
            FileType type = status.type();
            switch (CopyRules.of(path, type, unlogged)) {
                case SKIP -> {
                    if (type == FileType.SYMBOLIC_LINK) {
                        if (CopyRules.of(path, FileType.DIRECTORY, unlogged) == CopyRule.COPY) {
                            refuseDirectoryBehind(path, place);
                        }
                        progress.warning("symbolic link \"" + path + "\" in the data directory is left out");
                    }
                }
                case EMPTY_DIRECTORY -> {
                    tree.add(number, name, FileStatus.ofTarget(place));
                    waiting.put(name + "/", new Folder(path, place, false));
                }
                case COPY -> {
                    boolean isFolder = type == FileType.DIRECTORY || type == FileType.SYMBOLIC_LINK;
                    if (!isFolder || !isTablespaceInside(folder, place)) {
                        tree.add(number, name, status);
                    }
                    if (isFolder && !isTablespaceInside(folder, place)) {
                        waiting.put(name + "/", new Folder(path, place, type == FileType.SYMBOLIC_LINK));
                    }
                }
            }
        } catch (NoSuchFileException e) {
            // dropped meanwhile
        } catch (IOException e) {
            throw UnreadableFile.failure(path, e);
        }
    }

    /** What the server keeps behind a link that BASE_BACKUP does not follow would be missing from the backup. */
    private static void refuseDirectoryBehind(String path, Path link) throws RefusedException, IOException {
        try {
            if (FileStatus.ofTarget(link).type() != FileType.DIRECTORY) {
                return;
            }
        } catch (NoSuchFileException e) {
            return;
        }
        throw new RefusedException(
                "linked_directory",
                "\"" + path + "\" in the data directory is a symbolic link to the directory \""
                        + Files.readSymbolicLink(link) + "\", whose files a backup would miss",
                "Stop the server and move the directory back into the data directory, or remove the link if it is not"
                        + " the server's. Only pg_wal and tablespaces may lie elsewhere.");
    }

    /** Whether this folder is met a second time behind its link in pg_tblspc. */
    private boolean isTablespaceInside(Folder folder, Path place) throws IOException {
        return !tablespacesInside.isEmpty()
                && !folder.path.startsWith(TABLESPACES)
                && tablespacesInside.contains(place.toRealPath());
    }

    private static List<String> names(String path, Path place) throws FailedException {
        List<String> names = new ArrayList<>();
        String thing = "name of a file in directory \"" + (path.isEmpty() ? place.toString() : path) + "\"";
        try (DirectoryStream<Path> content = Files.newDirectoryStream(place)) {
            for (Path child : content) {
                names.add(ExactName.of(requireNonNull(child.getFileName()), thing));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // dropped meanwhile
        } catch (DirectoryIteratorException e) {
            throw UnreadableFile.failure(path, requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw UnreadableFile.failure(path, e);
        }
        names.sort(PathOrder.BYTEWISE);
        return names;
    }

    /** A directory to be listed; of a tablespace only this version's own directory counts. */
    private record Folder(String path, Path place, boolean isTablespace) {}
}
