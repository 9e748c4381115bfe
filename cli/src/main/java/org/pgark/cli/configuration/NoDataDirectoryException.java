package org.pgark.cli.configuration;

/** A command needs the data directory of a cluster that is configured by its connection only. */
public final class NoDataDirectoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoDataDirectoryException(String cluster) {
        super("cluster \"" + cluster + "\" is configured by its connection only, and this needs its data directory");
    }
}
