package org.pgark.cli;

import java.util.Objects;

/** The version of this build of pgark. */
final class Version {
    private Version() {}

    static String text() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }
}
