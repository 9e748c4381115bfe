package org.pgark.storage;

/** What is about to happen in a store, or has just happened, when a fault may strike. */
public enum StoreStep {
    /** An object is going to be begun. */
    CREATE,
    /** Bytes are going to be written. */
    WRITE,
    /** An object is going to be committed. */
    COMMIT,
    /** An object was committed; its writer does not know it yet. */
    COMMITTED,
    /** An object's size is going to be asked for. */
    SIZE,
    /** Bytes are going to be read. */
    READ,
    /** A folder is going to be listed. */
    LIST,
    /** An object is going to be settled. */
    SETTLE,
    /** An object is going to be deleted. */
    DELETE,
    /** An object was deleted; the caller does not know it yet. */
    DELETED
}
