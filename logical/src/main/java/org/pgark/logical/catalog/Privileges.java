package org.pgark.logical.catalog;

import java.util.Optional;

/**
 * The privileges of an object as the catalogues write them (text of aclitem[]).
 *
 * @param granted the object's ACL; absent where nobody ever changed it, which means {@code builtin}
 * @param builtin what an object of this kind and owner has from the beginning (acldefault())
 */
public record Privileges(Optional<String> granted, String builtin) {
    /** What nobody can have privileges on, or has changed. */
    public static final Privileges NONE = new Privileges(Optional.empty(), "");
}
