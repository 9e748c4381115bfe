package org.pgark.logical.text;

import java.util.Optional;
import org.pgark.logical.catalog.Catalog;
import org.pgark.logical.catalog.Component;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.DumpObject;
import org.pgark.logical.catalog.DumpSwitch;
import org.pgark.logical.catalog.EntryText;
import org.pgark.logical.catalog.EntryWriter;
import org.pgark.logical.catalog.ObjectKind;
import org.pgark.logical.catalog.Row;
import org.pgark.logical.catalog.SystemCatalog;

/** A collation. */
final class Collation extends DumpObject {
    private final Row row;
    private final String owner;

    Collation(Row row, Catalog catalog) {
        super(
                ObjectKind.COLLATION,
                SystemCatalog.COLLATION.id(row.oid("oid")),
                row.text("collname"),
                Optional.of(catalog.schema(row.oid("collnamespace"))));
        this.row = row;
        this.owner = catalog.role(row.oid("collowner"));
    }

    @Override
    public void write(EntryWriter writer) {
        String quoted = writer.quote(name());
        if (wants(Component.DEFINITION)) {
            String version = writer.options().has(DumpSwitch.BINARY_UPGRADE)
                    ? row.optional("collversion")
                            .map(text -> ", version = " + writer.literal(text))
                            .orElse("")
                    : "";
            writer.add(
                    this,
                    new EntryText("COLLATION", name())
                            .owner(owner)
                            .define("CREATE COLLATION " + writer.qualified(this) + " (provider = " + provider()
                                    + (row.flag("collisdeterministic") ? "" : ", deterministic = false")
                                    + locale(writer) + version + ");\n")
                            .drop("DROP COLLATION " + writer.qualified(this) + ";\n"));
        }
        writer.remarks(this, "COLLATION", quoted, owner);
    }

    private String provider() {
        return switch (row.letter("collprovider")) {
            case 'b' -> "builtin";
            case 'c' -> "libc";
            case 'i' -> "icu";
            case 'd' -> "default";
            default -> throw new DumpException("unrecognized collation provider: " + row.text("collprovider"));
        };
    }

    private String locale(EntryWriter writer) {
        // Before 15 these two were never null.
        Optional<String> collate =
                row.optional("collcollate").filter(text -> writer.server() >= 150000 || !text.isEmpty());
        Optional<String> ctype = row.optional("collctype").filter(text -> writer.server() >= 150000 || !text.isEmpty());
        Optional<String> locale = row.optional("colllocale");
        Optional<String> rules = row.optional("collicurules");
        return switch (row.letter("collprovider")) {
            case 'd' -> {
                warnIf(collate.isPresent() || ctype.isPresent() || locale.isPresent() || rules.isPresent(), writer);
                yield "";
            }
            case 'b' -> {
                warnIf(collate.isPresent() || ctype.isPresent() || locale.isEmpty() || rules.isPresent(), writer);
                yield ", locale = " + writer.literal(locale.orElse(""));
            }
            case 'i' -> {
                boolean current = writer.server() >= 150000;
                warnIf(
                        current
                                ? collate.isPresent() || ctype.isPresent() || locale.isEmpty()
                                : collate.isEmpty() || !collate.equals(ctype) || locale.isPresent(),
                        writer);
                yield ", locale = " + writer.literal((current ? locale : collate).orElse(""))
                        + rules.map(text -> ", rules = " + writer.literal(text)).orElse("");
            }
            default -> {
                warnIf(locale.isPresent() || rules.isPresent() || collate.isEmpty() || ctype.isEmpty(), writer);
                yield collate.isPresent() && collate.equals(ctype)
                        ? ", locale = " + writer.literal(collate.get())
                        : ", lc_collate = " + writer.literal(collate.orElse("")) + ", lc_ctype = "
                                + writer.literal(ctype.orElse(""));
            }
        };
    }

    private void warnIf(boolean invalid, EntryWriter writer) {
        if (invalid) {
            writer.listener().warning("invalid collation \"" + writer.quote(name()) + "\"");
        }
    }

    @Override
    public int breakTie(DumpObject other) {
        return other instanceof Collation collation
                ? Integer.compare(row.integer("collencoding"), collation.row.integer("collencoding"))
                : 0;
    }
}
