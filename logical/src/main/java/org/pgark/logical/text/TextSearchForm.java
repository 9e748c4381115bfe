package org.pgark.logical.text;

import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.SystemCatalog;

/** The kinds of objects of text search, with how they are read. */
enum TextSearchForm {
    PARSER(ObjectKind.TEXT_SEARCH_PARSER, SystemCatalog.TEXT_SEARCH_PARSER, "parsers", """
            SELECT oid, prsname AS name, prsnamespace AS namespace, 0 AS owner, prsstart::pg_catalog.regproc,
              prstoken::pg_catalog.regproc, prsend::pg_catalog.regproc, prsheadline::pg_catalog.regproc,
              prslextype::pg_catalog.regproc
            FROM pg_ts_parser"""),
    TEMPLATE(ObjectKind.TEXT_SEARCH_TEMPLATE, SystemCatalog.TEXT_SEARCH_TEMPLATE, "templates", """
            SELECT oid, tmplname AS name, tmplnamespace AS namespace, 0 AS owner, tmplinit::pg_catalog.regproc,
              tmpllexize::pg_catalog.regproc
            FROM pg_ts_template"""),
    DICTIONARY(ObjectKind.TEXT_SEARCH_DICTIONARY, SystemCatalog.TEXT_SEARCH_DICTIONARY, "dictionaries", """
            SELECT d.oid, dictname AS name, dictnamespace AS namespace, dictowner AS owner, nspname AS templatensp, tmplname,
              dictinitoption
            FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = dicttemplate JOIN pg_namespace n ON n.oid = tmplnamespace"""),
    CONFIGURATION(ObjectKind.TEXT_SEARCH_CONFIGURATION, SystemCatalog.TEXT_SEARCH_CONFIGURATION, "configurations", """
            SELECT c.oid, cfgname AS name, cfgnamespace AS namespace, cfgowner AS owner, nspname AS parsernsp, prsname
            FROM pg_ts_config c JOIN pg_ts_parser p ON p.oid = cfgparser JOIN pg_namespace n ON n.oid = prsnamespace""");

    private final ObjectKind kind;
    private final SystemCatalog catalog;
    private final String words;
    private final String query;

    TextSearchForm(ObjectKind kind, SystemCatalog catalog, String words, String query) {
        this.kind = kind;
        this.catalog = catalog;
        this.words = words;
        this.query = query;
    }

    ObjectKind kind() {
        return kind;
    }

    SystemCatalog catalog() {
        return catalog;
    }

    String words() {
        return words;
    }

    String query() {
        return query;
    }
}
