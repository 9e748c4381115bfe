package org.pgark.logical.catalog;

import java.util.List;
import java.util.Optional;

/** An extension: its members are made by CREATE EXTENSION and not dumped, but for changed privileges and configuration tables. */
public final class Extension extends Container {
    private final String target;
    private final List<Long> configurationTables;
    private final List<String> configurationConditions;

    /**
     * Makes an extension.
     *
     * @param target name of the schema that holds its objects
     */
    Extension(
            CatalogId id,
            String name,
            String target,
            List<Long> configurationTables,
            List<String> configurationConditions) {
        super(ObjectKind.EXTENSION, id, name, Optional.empty());
        this.target = target;
        this.configurationTables = List.copyOf(configurationTables);
        this.configurationConditions = List.copyOf(configurationConditions);
        if (configurationTables.size() != configurationConditions.size()) {
            throw new DumpException("mismatched number of configurations and conditions for extension");
        }
    }

    /** OIDs of the tables whose rows belong to the user. */
    public List<Long> configurationTables() {
        return configurationTables;
    }

    /** For each configuration table the WHERE clause that its rows must meet, "" for all. */
    public List<String> configurationConditions() {
        return configurationConditions;
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            writer.add(
                    this,
                    new EntryText("EXTENSION", name())
                            .define("CREATE EXTENSION IF NOT EXISTS " + quoted + " WITH SCHEMA " + writer.quote(target)
                                    + ";\n")
                            .drop("DROP EXTENSION " + quoted + ";\n"));
        }
        if (wants(Component.COMMENT)) {
            writer.comment(this, "EXTENSION", quoted, "", "");
        }
        if (wants(Component.SECURITY_LABEL)) {
            writer.securityLabels(this, "EXTENSION", quoted, "", "");
        }
    }
}
