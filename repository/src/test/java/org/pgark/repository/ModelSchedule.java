package org.pgark.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one actor of a model go at a time, from one step of its store to the next, in an order that somebody chooses. Two
 * runs with the same choices are the same.
 */
final class ModelSchedule {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Actor> actors = new ArrayList<>();

    /** Chooses who takes the next step. */
    interface Choice {
        /** One of {@code ready}, which is never empty and in the order in which the actors were started. */
        Actor next(List<Actor> ready);
    }

    /** What an actor does. */
    interface Part {
        void play() throws Exception;
    }

    /** Somebody who takes steps. */
    static final class Actor {
        final String name;
        private final ReentrantLock lock;
        private final Condition changed;
        private boolean waiting;
        private boolean admitted;
        private boolean done;
        private boolean free;
        private Throwable failure = new Throwable("none");
        private boolean failed;
        int steps;

        private Actor(String name, ReentrantLock lock, Condition changed) {
            this.name = name;
            this.lock = lock;
            this.changed = changed;
        }

        /** Waits until it is this actor's turn. */
        void step() {
            lock.lock();
            try {
                steps++;
                if (free) {
                    return;
                }
                waiting = true;
                changed.signalAll();
                while (!admitted) {
                    changed.awaitUninterruptibly();
                }
                admitted = false;
                waiting = false;
            } finally {
                lock.unlock();
            }
        }

        private void end(Throwable how, boolean failedSo) {
            lock.lock();
            try {
                failure = how;
                failed = failedSo;
                done = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Adds an actor; it begins when {@link #run} does. */
    Actor actor(String name) {
        Actor actor = new Actor(name, lock, changed);
        actors.add(actor);
        return actor;
    }

    /** Begins an actor's part; its first step waits for its turn. */
    void start(Actor actor, Part part) {
        Thread.ofVirtual().name(actor.name).start(() -> {
            try {
                actor.step();
                part.play();
                actor.end(actor.failure, false);
            } catch (Throwable e) {
                actor.end(e, true);
            }
        });
    }

    /** Runs all parts to their ends. */
    void run(Choice choice) throws Exception {
        lock.lock();
        try {
            while (true) {
                while (actors.stream().anyMatch(actor -> !actor.waiting && !actor.done)) {
                    changed.awaitUninterruptibly();
                }
                List<Actor> ready = actors.stream().filter(actor -> !actor.done).toList();
                for (Actor actor : actors) {
                    if (actor.failed) {
                        release();
                        throw new AssertionError(actor.name + " failed", actor.failure);
                    }
                }
                if (ready.isEmpty()) {
                    return;
                }
                Actor next = choice.next(ready);
                next.admitted = true;
                next.waiting = false;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        for (Actor actor : actors) {
            actor.free = true;
            actor.admitted = true;
        }
        changed.signalAll();
    }
}
