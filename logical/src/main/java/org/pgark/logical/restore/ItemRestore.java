package org.pgark.logical.restore;

import static org.pgark.logical.restore.RestoreSwitch.DISABLE_TRIGGERS;
import static org.pgark.logical.restore.RestoreSwitch.NO_DATA_FOR_FAILED_TABLES;
import static org.pgark.logical.restore.RestoreSwitch.SUPPRESS_DUMP_WARNINGS;

import java.io.IOException;
import java.util.Set;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.TocEntry;

/** Restores single entries (restore_toc_entry of pg_backup_archiver.c). */
final class ItemRestore {
    private final RestoreOptions options;
    private final RestoreTarget target;
    private final OutputSettings settings;
    private final ItemPrinter printer;
    private final TransactionCount transactions;
    private final DataReader data;
    private final ArchiveMessages messages;
    private final boolean makesLargeObjects;
    private final boolean parallel;

    ItemRestore(RestoreContext context, RestoreTarget target, DataReader data, boolean parallel) {
        this.options = context.options();
        this.target = target;
        this.data = data;
        this.messages = context.messages();
        this.makesLargeObjects = context.head().makesLargeObjects();
        this.parallel = parallel;
        this.transactions = new TransactionCount(target, options.transactionSize());
        this.settings = new OutputSettings(options, context.session(), target, transactions);
        this.printer = new ItemPrinter(options, target, settings, transactions, context.byId());
    }

    OutputSettings settings() {
        return settings;
    }

    ItemPrinter printer() {
        return printer;
    }

    TransactionCount transactions() {
        return transactions;
    }

    /** Restores what is wanted of an item, and says what became of the table that it may be. */
    Outcome restore(RestoreItem item) throws IOException {
        target.enter(item);
        repeatWarning(item.entry());
        Set<Need> needs = item.needs();
        Outcome outcome = Outcome.DONE;
        boolean printed = needs.contains(Need.SCHEMA);
        if (printed) {
            outcome = restoreDefinition(item);
        }
        if (needs.contains(Need.DATA)) {
            if (item.hasData()) {
                restoreData(item);
            } else if (!printed) {
                messages.info("executing " + item.entry().description() + " "
                        + item.entry().tag());
                printer.print(item, "");
            }
        }
        if (needs.contains(Need.STATISTICS)) {
            printer.print(item, "Statistics for ");
        }
        if (item.isWanted()) {
            transactions.count();
        }
        return outcome;
    }

    /** What the definition of a table came to. */
    enum Outcome {
        DONE,
        TABLE_CREATED,
        TABLE_FAILED
    }

    private void repeatWarning(TocEntry entry) {
        if (!options.has(SUPPRESS_DUMP_WARNINGS) && entry.is("WARNING")) {
            String text = options.wants(Need.SCHEMA) && !entry.definition().isEmpty()
                    ? entry.definition()
                    : entry.copyStatement();
            if (!text.isEmpty()) {
                messages.warning("warning from original dump file: " + text);
            }
        }
    }

    private Outcome restoreDefinition(RestoreItem item) throws IOException {
        TocEntry entry = item.entry();
        boolean isDatabase = entry.is("DATABASE") || entry.is("DATABASE PROPERTIES");
        if (isDatabase && transactions.isOn()) {
            target.commit("COMMIT;\n\n");
        }
        messages.info("creating " + entry.description() + " \""
                + (entry.namespace().isEmpty() ? "" : entry.namespace() + ".") + entry.tag() + "\"");
        printer.print(item, "");
        Outcome outcome = Outcome.DONE;
        if (entry.is("TABLE")) {
            boolean failed = target.hasFailed(item);
            outcome = failed && options.has(NO_DATA_FOR_FAILED_TABLES)
                    ? Outcome.TABLE_FAILED
                    : failed ? Outcome.DONE : Outcome.TABLE_CREATED;
        }
        if (isDatabase) {
            messages.info("connecting to new database \"" + entry.tag() + "\"");
            target.connect(entry.tag());
            settings.forget();
            settings.begin();
        }
        return outcome;
    }

    private void restoreData(RestoreItem item) throws IOException {
        TocEntry entry = item.entry();
        printer.print(item, "Data for ");
        switch (entry.description()) {
            case "BLOBS" -> {
                messages.info("processing BLOBS");
                settings.selectSchema("pg_catalog");
                data.readLargeObjects(item, new LargeObjectRestore(target, options, messages, makesLargeObjects));
            }
            case "BLOB COMMENTS" -> {
                messages.info("processing BLOB COMMENTS");
                settings.selectSchema("pg_catalog");
                target.commands(out -> data.readTable(item, out));
            }
            default -> restoreTable(item);
        }
    }

    private void restoreTable(RestoreItem item) throws IOException {
        TocEntry entry = item.entry();
        String table = options.quoting().qualified(entry.namespace(), entry.tag());
        boolean triggersOff = !options.wants(Need.SCHEMA) && options.has(DISABLE_TRIGGERS);
        if (triggersOff) {
            messages.info("disabling triggers for " + entry.tag());
            settings.become(options.superuser());
            target.sql("ALTER TABLE " + table + " DISABLE TRIGGER ALL;\n\n");
        }
        settings.becomeOwner(entry);
        settings.selectSchema(entry.namespace());
        messages.info("processing data for table \"" + entry.namespace() + "." + entry.tag() + "\"");
        // A table that the same transaction empties needs no WAL under wal_level minimal.
        boolean truncates = parallel && item.isTableCreated() && !loadsElsewhere(entry, table);
        if (truncates) {
            target.begin("");
            target.sql("TRUNCATE TABLE ONLY " + table + ";\n\n");
        }
        if (entry.copyStatement().isEmpty()) {
            target.commands(out -> data.readTable(item, out));
        } else {
            target.copy(entry.copyStatement(), entry.tag(), out -> data.readTable(item, out));
        }
        if (truncates) {
            target.commit("");
        }
        if (triggersOff) {
            messages.info("enabling triggers for " + entry.tag());
            settings.become(options.superuser());
            target.sql("ALTER TABLE " + table + " ENABLE TRIGGER ALL;\n\n");
        }
    }

    /** Whether the data goes through an ancestor of the partition, and so perhaps into other partitions too. */
    private static boolean loadsElsewhere(TocEntry entry, String table) {
        return entry.definition().startsWith("-- load via partition root ")
                || (!entry.copyStatement().isEmpty() && !entry.copyStatement().startsWith("COPY " + table + " "));
    }
}
