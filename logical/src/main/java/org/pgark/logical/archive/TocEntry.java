package org.pgark.logical.archive;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One entry of an archive's table of contents. Texts are empty where PostgreSQL has NULL, but for the drop statement and the
 * tablespace, where that makes a difference.
 *
 * @param dumpId its number, from 1
 * @param tableOid the catalogue that the object stands in, or 0
 * @param oid the object's OID there, or 0
 * @param tag its name, as the list of an archive shows it
 * @param description its kind, for example {@code TABLE DATA}
 * @param section the part of the dump that it belongs to
 * @param definition the SQL that makes it
 * @param dropStatement the SQL that drops it; empty text is an object that goes with another
 * @param copyStatement the COPY that its data belongs to
 * @param namespace its schema
 * @param tablespace its tablespace; empty text is the database's default, nothing is "in no tablespace"
 * @param tableAccessMethod the access method of a table
 * @param relkind {@code pg_class.relkind} of a table, else {@link #NO_RELKIND}
 * @param owner the role that owns it
 * @param dependencies the numbers of the entries that it needs
 */
public record TocEntry(
        int dumpId,
        long tableOid,
        long oid,
        String tag,
        String description,
        Section section,
        String definition,
        Optional<String> dropStatement,
        String copyStatement,
        String namespace,
        Optional<String> tablespace,
        String tableAccessMethod,
        char relkind,
        String owner,
        List<Integer> dependencies) {
    /** The relkind of what is no table. */
    public static final char NO_RELKIND = 0;

    /** The relkind of a partitioned table. */
    public static final char PARTITIONED_TABLE = 'p';

    /** Checks that all is there. */
    public TocEntry {
        if (dumpId <= 0) {
            throw new IllegalArgumentException("dump id " + dumpId + " is not above 0");
        }
        Objects.requireNonNull(tag, "tag is null");
        Objects.requireNonNull(description, "description is null");
        Objects.requireNonNull(section, "section is null");
        Objects.requireNonNull(definition, "definition is null");
        Objects.requireNonNull(dropStatement, "dropStatement is null");
        Objects.requireNonNull(copyStatement, "copyStatement is null");
        Objects.requireNonNull(namespace, "namespace is null");
        Objects.requireNonNull(tablespace, "tablespace is null");
        Objects.requireNonNull(tableAccessMethod, "tableAccessMethod is null");
        Objects.requireNonNull(owner, "owner is null");
        dependencies = List.copyOf(dependencies);
    }

    /** An entry to fill. */
    public static Builder builder(int dumpId, String description, String tag, Section section) {
        return new Builder(dumpId, description, tag, section);
    }

    /** Whether its kind has this name. */
    public boolean is(String kind) {
        return description.equals(kind);
    }

    /** The same with other dependencies. */
    public TocEntry withDependencies(List<Integer> others) {
        return new TocEntry(
                dumpId,
                tableOid,
                oid,
                tag,
                description,
                section,
                definition,
                dropStatement,
                copyStatement,
                namespace,
                tablespace,
                tableAccessMethod,
                relkind,
                owner,
                others);
    }

    /**
     * Whether PostgreSQL has an owner for it, be it an empty name: comments on what nobody owns are said to belong to "", where
     * everything else that nobody owns has no owner.
     */
    public boolean namesOwner() {
        return !owner.isEmpty() || section == Section.NONE;
    }

    /** Whether its data goes to an ancestor of the partition that it is named for. */
    boolean loadsViaPartitionRoot() {
        return definition.startsWith("-- load via partition root ");
    }

    /** Fills an entry. */
    public static final class Builder {
        private final int dumpId;
        private final String description;
        private final String tag;
        private final Section section;
        private long tableOid;
        private long oid;
        private String definition = "";
        private Optional<String> dropStatement = Optional.empty();
        private String copyStatement = "";
        private String namespace = "";
        private Optional<String> tablespace = Optional.empty();
        private String tableAccessMethod = "";
        private char relkind = NO_RELKIND;
        private String owner = "";
        private List<Integer> dependencies = List.of();

        private Builder(int dumpId, String description, String tag, Section section) {
            this.dumpId = dumpId;
            this.description = description;
            this.tag = tag;
            this.section = section;
        }

        /** Where the object stands in the catalogues. */
        public Builder catalog(long catalogOid, long objectOid) {
            tableOid = catalogOid;
            oid = objectOid;
            return this;
        }

        /** The SQL that makes it. */
        public Builder definition(String sql) {
            definition = sql;
            return this;
        }

        /** The SQL that drops it. */
        public Builder dropStatement(String sql) {
            dropStatement = Optional.of(sql);
            return this;
        }

        /** The COPY that its data belongs to. */
        public Builder copyStatement(String sql) {
            copyStatement = sql;
            return this;
        }

        /** Its schema. */
        public Builder namespace(String name) {
            namespace = name;
            return this;
        }

        /** Its tablespace; empty text is the database's default. */
        public Builder tablespace(String name) {
            tablespace = Optional.of(name);
            return this;
        }

        /** The access method of a table. */
        public Builder tableAccessMethod(String name) {
            tableAccessMethod = name;
            return this;
        }

        /** {@code pg_class.relkind} of a table. */
        public Builder relkind(char kind) {
            relkind = kind;
            return this;
        }

        /** The role that owns it. */
        public Builder owner(String name) {
            owner = name;
            return this;
        }

        /** The numbers of the entries that it needs. */
        public Builder dependencies(List<Integer> ids) {
            dependencies = ids;
            return this;
        }

        /** The entry. */
        public TocEntry build() {
            return new TocEntry(
                    dumpId,
                    tableOid,
                    oid,
                    tag,
                    description,
                    section,
                    definition,
                    dropStatement,
                    copyStatement,
                    namespace,
                    tablespace,
                    tableAccessMethod,
                    relkind,
                    owner,
                    dependencies);
        }
    }
}
