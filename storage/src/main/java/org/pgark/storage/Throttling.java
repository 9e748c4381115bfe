package org.pgark.storage;

import java.io.IOException;

/**
 * Takes word that a service is too busy from where a request is made to where it is decided how many there are at a time.
 * The two are the same thread: the vendors' libraries repeat a request where nobody else sees it.
 */
public final class Throttling {
    private static final ScopedValue<Listener> LISTENER = ScopedValue.newInstance();

    private Throttling() {}

    /** Who makes fewer requests from then on. */
    public interface Listener {
        /** The service answered that it gets too many requests. */
        void throttled();
    }

    /** Something that makes requests. */
    public interface Requests<T> {
        /** Makes them. */
        T make() throws IOException;
    }

    /** Makes requests of which {@code listener} hears when one of them is throttled. */
    public static <T> T heard(Listener listener, Requests<T> requests) throws IOException {
        return ScopedValue.where(LISTENER, listener).call(requests::make);
    }

    /** Whether the status of an answer says that the service gets too many requests. */
    public static boolean isSaidBy(int status) {
        return status == 429 || status == 503;
    }

    /** The service answered so. */
    public static void told() {
        if (LISTENER.isBound()) {
            LISTENER.get().throttled();
        }
    }
}
