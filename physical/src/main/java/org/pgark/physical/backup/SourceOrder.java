package org.pgark.physical.backup;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** All that is to be packed in the order of paths: the data directory and the configuration files outside it. */
final class SourceOrder implements Iterator<SourceFile> {
    private final SourceTree tree;
    private final List<SourceFile> external;
    private final String leftOut;
    private int nextInTree;
    private int nextExternal;

    /**
     * @param external in the order of paths
     * @param leftOut the path of the one file that is not packed now
     */
    SourceOrder(SourceTree tree, List<SourceFile> external, String leftOut) {
        this.tree = tree;
        this.external = external;
        this.leftOut = leftOut;
    }

    @Override
    public boolean hasNext() {
        if (nextInTree < tree.count() && tree.get(nextInTree).path().equals(leftOut)) {
            nextInTree++;
        }
        return nextInTree < tree.count() || nextExternal < external.size();
    }

    @Override
    public SourceFile next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (nextExternal == external.size()) {
            return tree.get(nextInTree++);
        }
        SourceFile outside = external.get(nextExternal);
        if (nextInTree < tree.count()) {
            SourceFile inside = tree.get(nextInTree);
            if (PathOrder.BYTEWISE.compare(inside.path(), outside.path()) < 0) {
                nextInTree++;
                return inside;
            }
        }
        nextExternal++;
        return outside;
    }
}
