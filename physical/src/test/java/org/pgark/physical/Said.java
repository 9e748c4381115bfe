package org.pgark.physical;

import java.util.ArrayList;
import java.util.List;

/** Keeps what an operation says. */
public class Said implements ProgressListener {
    private final List<String> notices = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> all = new ArrayList<>();

    /** The facts. */
    public synchronized List<String> notices() {
        return List.copyOf(notices);
    }

    /** The warnings. */
    public synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Facts and warnings, in the order in which they were said. */
    public synchronized List<String> all() {
        return List.copyOf(all);
    }

    @Override
    public void phase(String name) {}

    @Override
    public void total(long files, long bytes) {}

    @Override
    public void advanced(long bytes) {}

    @Override
    public synchronized void notice(String message) {
        notices.add(message);
        all.add(message);
    }

    @Override
    public synchronized void warning(String message) {
        warnings.add(message);
        all.add(message);
    }
}
