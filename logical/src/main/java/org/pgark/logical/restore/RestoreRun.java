package org.pgark.logical.restore;

import static org.pgark.logical.restore.RestoreSwitch.CLEAN;
import static org.pgark.logical.restore.RestoreSwitch.CREATE;
import static org.pgark.logical.restore.RestoreSwitch.IF_EXISTS;
import static org.pgark.logical.restore.RestoreSwitch.SINGLE_TRANSACTION;
import static org.pgark.logical.restore.RestoreSwitch.VERBOSE;

import java.io.IOException;
import java.time.ZonedDateTime;
import org.pgark.logical.archive.TocEntry;

/** A whole restore over one connection, or into a script (RestoreArchive of pg_backup_archiver.c). */
final class RestoreRun {
    private final RestoreContext context;
    private final RestoreOptions options;
    private final RestoreTarget target;
    private final ItemRestore restore;

    RestoreRun(RestoreContext context, RestoreTarget target, DataReader data) {
        this.context = context;
        this.options = context.options();
        this.target = target;
        this.restore = new ItemRestore(context, target, data, false);
    }

    ItemRestore itemRestore() {
        return restore;
    }

    void run() throws IOException {
        begin();
        for (RestorePass pass : RestorePass.values()) {
            for (RestoreItem item : context.items()) {
                if (item.isWanted() && RestorePass.of(item.entry()) == pass) {
                    finish(item, restore.restore(item));
                }
            }
        }
        end();
    }

    /** What a table has come to decides on its data. */
    void finish(RestoreItem item, ItemRestore.Outcome outcome) {
        switch (outcome) {
            case DONE -> {}
            case TABLE_CREATED -> context.dataOf(item).ifPresent(RestoreItem::setTableCreated);
            case TABLE_FAILED -> {
                context.messages()
                        .info("table \"" + item.entry().tag() + "\" could not be created, will not restore its data");
                context.dataOf(item).ifPresent(dataItem -> dataItem.setNeeds(java.util.EnumSet.noneOf(Need.class)));
            }
        }
    }

    void begin() throws IOException {
        if (!target.isServer()) {
            target.comment(title());
        }
        if (options.has(SINGLE_TRANSACTION)) {
            target.begin("BEGIN;\n\n");
        }
        restore.settings().begin();
        if (options.has(CLEAN)) {
            drop();
        }
    }

    private String title() {
        StringBuilder text = new StringBuilder("--\n-- PostgreSQL database dump\n--\n\n");
        if (!options.restrictKey().isEmpty()) {
            text.append("\\restrict ").append(options.restrictKey()).append("\n\n");
        }
        if (!context.head().serverVersion().isEmpty()) {
            text.append("-- Dumped from database version ")
                    .append(SafeLine.of(context.head().serverVersion()))
                    .append('\n');
        }
        if (!context.head().dumpVersion().isEmpty()) {
            text.append("-- Dumped by pg_dump version ")
                    .append(SafeLine.of(context.head().dumpVersion()))
                    .append('\n');
        }
        text.append('\n');
        if (options.has(VERBOSE)) {
            context.head()
                    .created()
                    .ifPresent(time -> text.append("-- Started on ")
                            .append(ScriptHead.time(time))
                            .append("\n\n"));
        }
        return text.toString();
    }

    void end() throws IOException {
        if (options.has(SINGLE_TRANSACTION) || restore.transactions().isOn()) {
            target.commit("COMMIT;\n\n");
        }
        if (target.isServer()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        if (options.has(VERBOSE)) {
            text.append("-- Completed on ")
                    .append(ScriptHead.time(ZonedDateTime.now(java.time.ZoneId.systemDefault())))
                    .append("\n\n");
        }
        text.append("--\n-- PostgreSQL database dump complete\n--\n\n");
        if (!options.restrictKey().isEmpty()) {
            text.append("\\unrestrict ").append(options.restrictKey()).append("\n\n");
        }
        target.comment(text.toString());
    }

    private void drop() throws IOException {
        for (RestoreItem item : context.items().reversed()) {
            TocEntry entry = item.entry();
            boolean isDatabase = entry.is("DATABASE") || entry.is("DATABASE PROPERTIES");
            boolean wanted = item.needs().contains(Need.SCHEMA) || item.needs().contains(Need.DATA);
            // With --create only the database as a whole is dropped: this is another one.
            if (!wanted || entry.dropStatement().isEmpty() || (options.has(CREATE) && !isDatabase)) {
                continue;
            }
            target.enter(item);
            context.messages().info("dropping " + entry.description() + " " + entry.tag());
            if (restore.transactions().isOn() && isDatabase) {
                target.commit("COMMIT;\n");
            }
            restore.settings().becomeOwner(entry);
            restore.settings().selectSchema(entry.namespace());
            dropItem(item);
            if (restore.transactions().isOn() && isDatabase) {
                target.begin("BEGIN;\n");
                restore.transactions().reset();
            } else {
                restore.transactions().countDrop();
            }
        }
        // The schema that was current may be gone.
        restore.settings().forgetSchema();
    }

    private void dropItem(RestoreItem item) throws IOException {
        TocEntry entry = item.entry();
        if (entry.is("BLOB METADATA")) {
            restore.printer()
                    .forEachLargeObject(
                            item.definition(),
                            options.has(IF_EXISTS) ? LargeObjectCommands.DROP_IF_EXISTS : LargeObjectCommands.DROP);
        } else if (!entry.dropStatement().orElse("").isEmpty()) {
            target.sql(
                    options.has(IF_EXISTS)
                            ? DropStatement.withIfExists(entry, context.messages())
                            : entry.dropStatement().orElse(""));
        }
    }
}
