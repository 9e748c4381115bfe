package org.pgark.logical.relation;

import java.util.Optional;
import org.pgark.logical.catalog.Row;

/** One column of a relation. */
public final class Column {
    private final int number;
    private final String name;
    private final String type;
    private final boolean dropped;
    private final boolean local;
    private final char identity;
    private final char generated;
    private final int statisticsTarget;
    private final char storage;
    private final char typeStorage;
    private final char compression;
    private final String options;
    private final String foreignOptions;
    private final Optional<String> collationSchema;
    private final String collation;
    private NotNull notNull;
    private Optional<ColumnDefault> defaultValue = Optional.empty();

    Column(Row row, NotNull notNull) {
        this.number = row.integer("attnum");
        this.name = row.text("attname");
        this.type = row.text("atttypname");
        this.dropped = row.flag("attisdropped");
        this.local = row.flag("attislocal");
        this.identity = row.letter("attidentity");
        this.generated = row.letter("attgenerated");
        this.statisticsTarget =
                row.optional("attstattarget").map(Integer::parseInt).orElse(-1);
        this.storage = row.letter("attstorage");
        this.typeStorage = row.letter("typstorage");
        this.compression = row.letter("attcompression");
        this.options = row.text("attoptions");
        this.foreignOptions = row.text("attfdwoptions");
        this.collationSchema = row.optional("collation_schema");
        this.collation = row.text("collname");
        this.notNull = notNull;
    }

    public int number() {
        return number;
    }

    public String name() {
        return name;
    }

    /** The type with its modifiers, as the server writes it. */
    public String type() {
        return type;
    }

    public boolean isDropped() {
        return dropped;
    }

    /** Whether it is defined in this relation, not only inherited. */
    boolean isLocal() {
        return local;
    }

    /** {@code a} GENERATED ALWAYS AS IDENTITY, {@code d} BY DEFAULT, 0 none. */
    char identity() {
        return identity;
    }

    /** {@code s} stored, {@code v} virtual, 0 for an ordinary column. */
    char generated() {
        return generated;
    }

    boolean isGenerated() {
        return generated != 0;
    }

    /** -1 where it is left to the server. */
    int statisticsTarget() {
        return statisticsTarget;
    }

    /** The storage that ALTER TABLE has to ask for; absent where it is the type's. */
    Optional<String> storage() {
        if (storage == typeStorage) {
            return Optional.empty();
        }
        return switch (storage) {
            case 'p' -> Optional.of("PLAIN");
            case 'e' -> Optional.of("EXTERNAL");
            case 'x' -> Optional.of("EXTENDED");
            case 'm' -> Optional.of("MAIN");
            default -> Optional.empty();
        };
    }

    Optional<String> compression() {
        return switch (compression) {
            case 'p' -> Optional.of("pglz");
            case 'l' -> Optional.of("lz4");
            default -> Optional.empty();
        };
    }

    /** Options as ALTER COLUMN ... SET takes them; "" for none. */
    String options() {
        return options;
    }

    String foreignOptions() {
        return foreignOptions;
    }

    /** Schema of the collation, where it is not the type's. */
    Optional<String> collationSchema() {
        return collationSchema;
    }

    String collation() {
        return collation;
    }

    NotNull notNull() {
        return notNull;
    }

    void notNull(NotNull constraint) {
        this.notNull = constraint;
    }

    Optional<ColumnDefault> defaultValue() {
        return defaultValue;
    }

    void defaultValue(ColumnDefault value) {
        this.defaultValue = Optional.of(value);
    }
}
