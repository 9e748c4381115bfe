package org.pgark.logical.relation;

import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;

/** Fills a materialized view; it comes last of all, since its query may look at anything. */
final class ViewRefresh extends RelationData {
    ViewRefresh(Relation view) {
        super(ObjectKind.MATERIALIZED_VIEW_REFRESH, view);
    }

    @Override
    public void write(EntryWriter writer) {
        if (relation().isPopulated() && wants(Component.DATA)) {
            EntryText text = new EntryText("MATERIALIZED VIEW DATA", name())
                    .owner(relation().owner())
                    .postData()
                    .define("REFRESH MATERIALIZED VIEW " + writer.qualified(relation()) + ";\n");
            dependencies().forEach(text::dependsOn);
            writer.add(this, text);
        }
    }
}
