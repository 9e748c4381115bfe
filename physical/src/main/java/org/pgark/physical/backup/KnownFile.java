package org.pgark.physical.backup;

import java.util.Optional;
import org.pgark.repository.content.ContentHasher;
import org.pgark.repository.manifest.ManifestEntry;

/**
 * A file that is to be packed, and what is known of it.
 *
 * @param source the file
 * @param base what the base says of it; empty if it has no such file
 * @param reading which pages have to be read; empty if all
 */
record KnownFile(SourceFile source, Optional<ManifestEntry.File> base, Optional<Reading> reading) {
    /** Whether nothing has to be read because the file is as the base has it. */
    boolean isKept() {
        return reading.filter(Reading::isNothing).isPresent()
                && base.filter(file -> file.size() == source.status().size()).isPresent();
    }

    /** Whether some of its content is taken from the base without a look. */
    boolean restsOnBase() {
        return reading.filter(one -> (long) one.pages().nextClearBit(0) * ContentHasher.UNIT
                        < source.status().size())
                .isPresent();
    }

    static KnownFile unknown(SourceFile source) {
        return new KnownFile(source, Optional.empty(), Optional.empty());
    }
}
