package org.pgark.logical.type;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Privileges;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.ShellBacked;
import org.pgark.logical.catalog.SystemCatalog;

/** A data type. What is written of it depends on its form; types that come with a table, and arrays, are not written at all. */
public final class DataType extends DumpObject implements ShellBacked {
    private final TypeForm form;
    private final String owner;
    private final String formatted;
    private final long element;
    private final long shape;
    private final Privileges privileges;
    private final DomainConstraints constraints = new DomainConstraints();
    private Optional<ShellType> shell = Optional.empty();
    private Optional<TypeSql> sql = Optional.empty();

    DataType(Row row, Catalog catalog) {
        super(
                isImplicit(row) ? ObjectKind.DUMMY_TYPE : ObjectKind.TYPE,
                SystemCatalog.TYPE.id(row.oid("oid")),
                row.text("typname"),
                Optional.of(catalog.schema(row.oid("typnamespace"))));
        this.form = TypeForm.of(row);
        this.owner = catalog.role(row.oid("typowner"));
        this.formatted = row.text("formatted");
        this.element = row.oid("typelem");
        this.shape = row.oid("typrelid");
        this.privileges = new Privileges(row.optional("typacl"), row.text("acldefault"));
    }

    private static boolean isImplicit(Row row) {
        boolean ofTable = row.oid("typrelid") != 0 && row.letter("typrelkind") != 'c';
        return ofTable || row.flag("isarray") || row.letter("typtype") == 'm';
    }

    /** The type as format_type() writes it, for example {@code timestamp with time zone}. */
    public static String name(Catalog catalog, long oid) {
        return catalog.find(SystemCatalog.TYPE, oid, DataType.class)
                .map(type -> type.formatted)
                .orElseThrow(() -> new DumpException("type with OID " + oid + " does not exist"));
    }

    /** Compares two types by schema and name. */
    public static int compare(Catalog catalog, long left, long right) {
        Optional<DataType> one = catalog.find(SystemCatalog.TYPE, left, DataType.class);
        Optional<DataType> other = catalog.find(SystemCatalog.TYPE, right, DataType.class);
        if (left == right || one.isEmpty() || other.isEmpty()) {
            return 0;
        }
        int order = one.get()
                .schema()
                .orElseThrow()
                .compareNames(other.get().schema().orElseThrow());
        return order != 0 ? order : one.get().compareNames(other.get());
    }

    TypeForm form() {
        return form;
    }

    String owner() {
        return owner;
    }

    /** OID of the type of an array's elements, else 0. */
    long element() {
        return element;
    }

    /** OID of the row of pg_class that holds the columns of a composite type. */
    public long shape() {
        return shape;
    }

    DomainConstraints constraints() {
        return constraints;
    }

    void define(TypeSql definition) {
        this.sql = Optional.of(definition);
    }

    @Override
    public Optional<ShellType> shell() {
        return shell;
    }

    void announceBy(ShellType announcement) {
        this.shell = Optional.of(announcement);
    }

    @Override
    public void write(EntryWriter writer) {
        if (kind() != ObjectKind.DUMMY_TYPE) {
            sql.orElseThrow(() -> new IllegalStateException("type \"" + name() + "\" was not read"))
                    .write(this, writer);
        }
    }

    Privileges privileges() {
        return privileges;
    }
}
