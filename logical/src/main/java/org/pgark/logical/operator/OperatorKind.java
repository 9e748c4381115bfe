package org.pgark.logical.operator;

import java.util.ArrayList;
import java.util.List;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.CatalogKind;
import org.pgark.logical.catalog.CatalogReading;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.OidArray;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** Reads all operators, the server's too, which others may name as theirs. */
public final class OperatorKind implements CatalogKind {
    @Override
    public String progress() {
        return "reading user-defined operators";
    }

    @Override
    public void read(CatalogReading reading) {
        Catalog catalog = reading.catalog();
        List<Operator> chosen = new ArrayList<>();
        for (Row row : reading.session().rows("""
                SELECT oid, oprname, oprnamespace, oprowner, oprkind, oprleft, oprright, oprcode::oid AS oprcode
                FROM pg_operator""")) {
            Operator operator = catalog.add(new Operator(row, catalog));
            reading.selection().select(operator);
            if (operator.wanted().hasAny(Component.DEFINITION, Component.COMMENT)) {
                chosen.add(operator);
            }
        }
        if (chosen.isEmpty()) {
            return;
        }
        for (Row row : reading.session().rows("""
                SELECT oid, oprcode::pg_catalog.regprocedure, oprleft::pg_catalog.regtype, oprright::pg_catalog.regtype, oprcom,
                  oprnegate, oprrest::pg_catalog.regprocedure, oprjoin::pg_catalog.regprocedure, oprcanmerge, oprcanhash
                FROM pg_catalog.pg_operator WHERE oid = ANY (%s)""".formatted(OidArray.of(chosen)))) {
            catalog.find(SystemCatalog.OPERATOR, row.oid("oid"), Operator.class)
                    .ifPresent(operator -> operator.describe(row));
        }
    }
}
