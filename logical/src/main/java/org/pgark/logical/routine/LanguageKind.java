package org.pgark.logical.routine;

import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Components;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.Selection;

/** Reads procedural languages. */
public final class LanguageKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading procedural languages";
    }

    @Override
    public void read(CatalogReading reading) {
        for (Row row : reading.session().rows("""
                SELECT oid, lanname, lanpltrusted, lanplcallfoid, laninline, lanvalidator, lanacl,
                  acldefault('l', lanowner) AS acldefault, lanowner
                FROM pg_language WHERE lanispl ORDER BY oid""")) {
            Language language = reading.catalog().add(new Language(row, reading.catalog()));
            if (!reading.selection().adoptExtensionMembership(language)) {
                Components wanted = reading.selection().outsideSchemas();
                language.want(
                        language.oid() <= Selection.LAST_BUILT_IN_OID ? wanted.and(Components.PRIVILEGES) : wanted);
            }
        }
    }
}
