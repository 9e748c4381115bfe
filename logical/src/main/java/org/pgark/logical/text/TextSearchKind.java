package org.pgark.logical.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;

/** Reads one kind of objects of text search. */
public final class TextSearchKind implements CatalogKind {
    private final TextSearchForm form;

    private TextSearchKind(TextSearchForm form) {
        this.form = form;
    }

    /** Reads parsers. */
    public static CatalogKind parsers() {
        return new TextSearchKind(TextSearchForm.PARSER);
    }

    /** Reads templates. */
    public static CatalogKind templates() {
        return new TextSearchKind(TextSearchForm.TEMPLATE);
    }

    /** Reads dictionaries. */
    public static CatalogKind dictionaries() {
        return new TextSearchKind(TextSearchForm.DICTIONARY);
    }

    /** Reads configurations. */
    public static CatalogKind configurations() {
        return new TextSearchKind(TextSearchForm.CONFIGURATION);
    }

    @Override
    public String progress() {
        return "reading user-defined text search " + form.words();
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        Map<Long, List<Row>> mappings = new HashMap<>();
        List<TextSearchObject> chosen = new ArrayList<>();
        for (Row row : reading.session().rows(form.query())) {
            List<Row> mapping = mappings.computeIfAbsent(row.oid("oid"), oid -> new ArrayList<>());
            TextSearchObject object = catalog.add(new TextSearchObject(form, row, catalog, sql(row, mapping)));
            reading.selection().select(object);
            if (object.wants(Component.DEFINITION)) {
                chosen.add(object);
            }
        }
        if (form == TextSearchForm.CONFIGURATION && !chosen.isEmpty()) {
            for (Row row : reading.session().rows("""
                    SELECT m.mapcfg, m.mapdict::pg_catalog.regdictionary AS dictname,
                      (SELECT alias FROM pg_catalog.ts_token_type(c.cfgparser) AS t WHERE t.tokid = m.maptokentype) AS tokenname
                    FROM pg_catalog.pg_ts_config_map AS m JOIN pg_catalog.pg_ts_config c ON c.oid = m.mapcfg
                    WHERE m.mapcfg = ANY (%s)
                    ORDER BY m.mapcfg, m.maptokentype, m.mapseqno""".formatted(OidArray.of(chosen)))) {
                mappings.computeIfAbsent(row.oid("mapcfg"), oid -> new ArrayList<>())
                        .add(row);
            }
        }
    }

    private TextSearchSql sql(Row row, List<Row> mapping) {
        return switch (form) {
            case PARSER ->
                (writer, name) -> "    START = " + row.text("prsstart") + ",\n    GETTOKEN = " + row.text("prstoken")
                        + ",\n    END = " + row.text("prsend") + ",\n"
                        + (row.text("prsheadline").equals("-")
                                ? ""
                                : "    HEADLINE = " + row.text("prsheadline") + ",\n")
                        + "    LEXTYPES = " + row.text("prslextype") + " );\n";
            case TEMPLATE ->
                (writer, name) -> (row.text("tmplinit").equals("-") ? "" : "    INIT = " + row.text("tmplinit") + ",\n")
                        + "    LEXIZE = " + row.text("tmpllexize") + " );\n";
            case DICTIONARY ->
                (writer, name) -> "    TEMPLATE = " + writer.quote(row.text("templatensp")) + "."
                        + writer.quote(row.text("tmplname"))
                        + row.optional("dictinitoption")
                                .map(options -> ",\n    " + options)
                                .orElse("") + " );\n";
            case CONFIGURATION ->
                (writer, name) -> "    PARSER = " + writer.quote(row.text("parsernsp")) + "."
                        + writer.quote(row.text("prsname")) + " );\n" + mappings(writer, name, mapping);
        };
    }

    private static String mappings(EntryWriter writer, String name, List<Row> mapping) {
        StringBuilder sql = new StringBuilder();
        String token = "";
        for (Row row : mapping) {
            if (sql.isEmpty() || !row.text("tokenname").equals(token)) {
                token = row.text("tokenname");
                sql.append(sql.isEmpty() ? "" : ";\n")
                        .append("\nALTER TEXT SEARCH CONFIGURATION " + name + "\n    ADD MAPPING FOR ")
                        .append(writer.quote(token) + " WITH " + row.text("dictname"));
            } else {
                sql.append(", " + row.text("dictname"));
            }
        }
        return sql.append(sql.isEmpty() ? "" : ";\n").toString();
    }
}
