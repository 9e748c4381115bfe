package org.pgark.repository.key;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Somebody for whom the ring key is wrapped.
 *
 * @param name chosen by the user
 * @param kind how he gets at it
 * @param details what else is needed to unwrap it; public
 * @param wrapped the ring key, wrapped
 */
@SuppressWarnings("ArrayRecordComponent")
public record Recipient(String name, RecipientKind kind, Map<String, String> details, byte[] wrapped) {
    /** The form of a name. */
    public static final String NAME_FORM = "[a-z][a-z0-9_-]{0,62}";

    public Recipient {
        if (!name.matches(NAME_FORM)) {
            throw new IllegalArgumentException("invalid name \"" + name
                    + "\" of a recipient, must be lower-case letters, digits, - and _, beginning with a letter");
        }
        details = Collections.unmodifiableMap(new TreeMap<>(details));
        wrapped = wrapped.clone();
    }

    @Override
    public byte[] wrapped() {
        return wrapped.clone();
    }

    @Override
    public String toString() {
        return name + " (" + kind.words() + ")";
    }
}
