package org.pgark.logical.relation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Postponable;
import org.pgark.logical.catalog.Privileges;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** A table, view, materialized view, foreign table, sequence, or the shape of a composite type: a row of pg_class with columns. */
public final class Relation extends DumpObject implements Postponable {
    private final RelationForm form;
    private final RelationFacts facts;
    private final String owner;
    private final List<Relation> parents = new ArrayList<>();
    private final List<Column> columns = new ArrayList<>();
    private final List<CheckConstraint> checks = new ArrayList<>();
    private final List<Index> indexes = new ArrayList<>();
    private final List<ColumnPrivileges> columnPrivileges = new ArrayList<>();
    private final Map<RelationText, String> texts = new EnumMap<>(RelationText.class);
    private Optional<RelationData> data = Optional.empty();
    private Optional<SequenceFacts> sequence = Optional.empty();
    private Optional<RelationStatistics> statistics = Optional.empty();
    private boolean interesting;
    private boolean populated;
    private boolean unsafelyPartitioned;
    private boolean definitionPostponed;
    private boolean definitionSplit;

    Relation(Row row, Catalog catalog) {
        super(
                ObjectKind.TABLE,
                SystemCatalog.CLASS.id(row.oid("oid")),
                row.text("relname"),
                Optional.of(catalog.schema(row.oid("relnamespace"))));
        this.form = RelationForm.of(row.letter("relkind"));
        this.owner = catalog.role(row.oid("relowner"));
        this.facts = RelationFacts.of(row);
        this.populated = row.flag("relispopulated");
    }

    public RelationForm form() {
        return form;
    }

    public RelationFacts facts() {
        return facts;
    }

    public String owner() {
        return owner;
    }

    public boolean isPartition() {
        return facts.partition();
    }

    /** Whether its columns and definition have to be known: it is dumped, or something that is dumped inherits from it. */
    public boolean isInteresting() {
        return interesting;
    }

    void markInteresting() {
        this.interesting = true;
    }

    public List<Relation> parents() {
        return Collections.unmodifiableList(parents);
    }

    void addParent(Relation parent) {
        parents.add(parent);
    }

    /** Columns in the order of their numbers, dropped ones too; only known of interesting relations. */
    public List<Column> columns() {
        return Collections.unmodifiableList(columns);
    }

    void addColumn(Column column) {
        if (column.number() != columns.size() + 1) {
            throw new DumpException("invalid column numbering in table \"" + name() + "\"");
        }
        columns.add(column);
    }

    Optional<Column> columnNamed(String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name) && !column.isDropped())
                .findFirst();
    }

    /** The name of a column by its number, system columns too. */
    public String columnName(int number) {
        if (number > 0 && number <= columns.size()) {
            return columns.get(number - 1).name();
        }
        return switch (number) {
            case -1 -> "ctid";
            case -2 -> "xmin";
            case -3 -> "cmin";
            case -4 -> "xmax";
            case -5 -> "cmax";
            case -6 -> "tableoid";
            default -> throw new DumpException("invalid column number " + number + " for table \"" + name() + "\"");
        };
    }

    /** Whether CREATE TABLE names the column: not where it is dropped or only inherited. */
    boolean createsColumn(Column column) {
        return !column.isDropped() && (column.isLocal() || isPartition());
    }

    List<CheckConstraint> checks() {
        return Collections.unmodifiableList(checks);
    }

    void addCheck(CheckConstraint check) {
        checks.add(check);
    }

    List<Index> indexes() {
        return Collections.unmodifiableList(indexes);
    }

    void addIndex(Index index) {
        indexes.add(index);
    }

    void addColumnPrivileges(ColumnPrivileges privileges) {
        columnPrivileges.add(privileges);
    }

    String text(RelationText which) {
        return texts.getOrDefault(which, "");
    }

    void describe(RelationText which, String text) {
        texts.put(which, text);
    }

    /** The object that stands for its rows, where they are dumped. */
    public Optional<RelationData> data() {
        return data;
    }

    void carry(RelationData rows) {
        this.data = Optional.of(rows);
    }

    /** The object that stands for what the planner knows of it, where that is dumped. */
    Optional<RelationStatistics> statistics() {
        return statistics;
    }

    void know(RelationStatistics newStatistics) {
        this.statistics = Optional.of(newStatistics);
    }

    Optional<SequenceFacts> sequence() {
        return sequence;
    }

    void describeSequence(SequenceFacts newFacts) {
        this.sequence = Optional.of(newFacts);
    }

    /** Whether a materialized view has rows, and all that it draws from have. */
    public boolean isPopulated() {
        return populated;
    }

    void markUnpopulated() {
        this.populated = false;
    }

    /** Whether rows may hash to another partition after a restore, so that they have to go in through the root. */
    boolean isUnsafelyPartitioned() {
        return unsafelyPartitioned;
    }

    void markUnsafelyPartitioned() {
        this.unsafelyPartitioned = true;
    }

    /** Whether a materialized view is made after the data, since it needs a key that is made then. */
    public boolean isDefinitionPostponed() {
        return definitionPostponed;
    }

    @Override
    public boolean canBePostponed() {
        return form == RelationForm.MATERIALIZED_VIEW;
    }

    @Override
    public void postpone() {
        this.definitionPostponed = true;
    }

    /** Whether a view is first made with its columns only, and gets its query later by its rule. */
    public boolean isDefinitionSplit() {
        return definitionSplit;
    }

    public void splitDefinition() {
        this.definitionSplit = true;
    }

    /** Whether there is an INSERT that has to say OVERRIDING SYSTEM VALUE. */
    boolean generatesIdentityAlways() {
        return columns.stream().anyMatch(column -> column.identity() == 'a');
    }

    /** The topmost table that this partition belongs to. */
    Relation root() {
        Relation at = this;
        while (at.isPartition()) {
            at = at.parents.getFirst();
        }
        return at;
    }

    boolean loadsThroughRoot() {
        for (Relation at = this; at.isPartition(); ) {
            at = at.parents.getFirst();
            if (at.unsafelyPartitioned) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void write(EntryWriter writer) {
        if (wants(Component.DEFINITION)) {
            switch (form) {
                case SEQUENCE -> new SequenceSql(this, writer).write();
                case VIEW, TABLE, PARTITIONED_TABLE, FOREIGN_TABLE, MATERIALIZED_VIEW ->
                    new TableSql(this, writer).write();
                case COMPOSITE_TYPE -> {}
            }
        }
        if (wants(Component.PRIVILEGES)) {
            String type = form == RelationForm.SEQUENCE ? "SEQUENCE" : "TABLE";
            String quoted = writer.quote(name());
            Privileges privileges = new Privileges(facts.privileges(), facts.builtInPrivileges());
            int whole = writer.privileges(this, type, quoted, schemaName(), owner, privileges);
            for (ColumnPrivileges column : columnPrivileges) {
                writer.columnPrivileges(
                        this, quoted, writer.quote(column.column()), owner, column.granted(), column.initial(), whole);
            }
        }
    }
}
