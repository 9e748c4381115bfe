package org.pgark.cli;

/**
 * Lets Ctrl-C and SIGTERM interrupt the thread that works, and holds the end of the process back until it has put away
 * what was half done.
 */
final class Interruption implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 20_000;

    private final Thread worker;
    private final Thread hook;
    private volatile boolean over;

    private Interruption(Thread worker) {
        this.worker = worker;
        this.hook = new Thread(this::interruptAndWait, "interruption");
    }

    static Interruption ofThisThread() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    private void interruptAndWait() {
        if (over) {
            return;
        }
        worker.interrupt();
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        synchronized (this) {
            while (!over && System.nanoTime() < deadline) {
                try {
                    wait(100);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
        if (over) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
        }
    }

    /** The work is done; what comes now is only printing. */
    void tooLate() {
        over = true;
    }

    @Override
    public synchronized void close() {
        over = true;
        notifyAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return;
        }
    }
}
