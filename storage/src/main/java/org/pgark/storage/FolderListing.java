package org.pgark.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lists the files of a local store. What vanishes meanwhile is passed over, as are files whose names are no objects'. */
final class FolderListing {
    private FolderListing() {}

    /** The objects at any depth under a folder, in order of names. */
    static List<StoredObject> objects(Path root, ObjectName folder) throws IOException {
        List<StoredObject> found = new ArrayList<>();
        walk(root.resolve(folder.value()), (file, attributes) -> {
            String name = root.relativize(file).toString();
            if (attributes.isRegularFile() && name.startsWith(folder + "/") && ObjectName.isName(name)) {
                found.add(new StoredObject(new ObjectName(name), attributes.size()));
            }
            return FileVisitResult.CONTINUE;
        });
        found.sort(Comparator.comparing(StoredObject::name));
        return found;
    }

    /** The names of the subfolders that hold objects, in order. */
    static List<String> folders(Path root, ObjectName folder) throws IOException {
        List<String> found = new ArrayList<>();
        try (var children = Files.newDirectoryStream(root.resolve(folder.value()), Files::isDirectory)) {
            for (Path child : children) {
                String name = String.valueOf(child.getFileName());
                if (ObjectName.isName(name) && holdsFile(child)) {
                    found.add(name);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    private static boolean holdsFile(Path folder) throws IOException {
        boolean[] found = {false};
        walk(folder, (_, attributes) -> {
            found[0] |= attributes.isRegularFile();
            return found[0] ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        });
        return found[0];
    }

    /** What to do with a file that was found. */
    private interface FileVisit {
        FileVisitResult visit(Path file, BasicFileAttributes attributes);
    }

    private static void walk(Path folder, FileVisit visit) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                return visit.visit(file, attributes);
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }
}
