package org.pgark.logical.catalog;

import java.util.Optional;

/** A type that can be announced by a shell, so that its input and output functions can be made before it. */
public interface ShellBacked {
    Optional<? extends DumpObject> shell();
}
