package org.pgark.logical.text;

import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Row;

/** Reads conversions between encodings. */
public final class ConversionKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading user-defined conversions";
    }

    @Override
    public void read(CatalogReading reading) {
        for (Row row : reading.session().rows("""
                SELECT oid, conname, connamespace, conowner, pg_catalog.pg_encoding_to_char(conforencoding) AS conforencoding,
                  pg_catalog.pg_encoding_to_char(contoencoding) AS contoencoding, conproc, condefault
                FROM pg_conversion""")) {
            reading.selection().select(reading.catalog().add(new Conversion(row, reading.catalog())));
        }
    }
}
