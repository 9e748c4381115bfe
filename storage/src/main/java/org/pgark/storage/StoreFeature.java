package org.pgark.storage;

/** What a place for objects can do beyond keeping them. */
public enum StoreFeature {
    /** Creates an object only if its name is free: without it two writers cannot be kept apart. */
    CONDITIONAL_CREATE,
    /** A committed object survives a loss of power of this host, since its file and folder are synchronised. */
    DURABLE_COMMIT
}
