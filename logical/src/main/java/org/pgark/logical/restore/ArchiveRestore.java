package org.pgark.logical.restore;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgark.logical.archive.ArchiveException;
import org.pgark.logical.archive.ArchiveMessages;
import org.pgark.logical.archive.ArchiveReader;
import org.pgark.logical.archive.StoredEntry;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wire.WireConnection;

/** Restores an archive: lists it, writes it as a script, or brings it to a server. */
public final class ArchiveRestore {
    private final ArchiveReader archive;
    private final ArchiveMessages messages;
    private RestoreOptions options;
    private List<RestoreItem> items = new ArrayList<>();

    /** @param messages hears warnings, failures and steps */
    public ArchiveRestore(ArchiveReader archive, RestoreOptions options, ArchiveMessages messages) {
        this.archive = archive;
        this.options = options;
        this.messages = messages;
        archive.entries().forEach(entry -> items.add(RestoreItem.of(entry)));
    }

    /** Restores only what the list names, in its order. */
    public void useList(BufferedReader list) throws IOException {
        TocList.Order order = TocList.read(list, items, messages);
        items = order.items();
        options = options.toBuilder().wantedIds(order.wanted()).build();
    }

    /** The list of what is wanted. */
    public byte[] list() throws IOException {
        EntrySelection.mark(options, items);
        return TocList.of(archive.head(), items, options).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Writes a script. */
    public void toScript(OutputStream out) throws IOException {
        RestoreContext context = context().withImpliedContent();
        ScriptTarget target = new ScriptTarget(
                out,
                StandardCharsets.ISO_8859_1,
                context.options(),
                context.session().standardStrings());
        new RestoreRun(context, target, new ArchiveDataReader(archive, context)).run();
    }

    /** Brings it to a server, and gives the number of errors that were passed over. */
    public int toServer(ServerConnections silent, int jobs) throws IOException {
        RestoreContext context = context();
        ServerConnections connections = options.release().compareTo(PostgresMajor.V18) < 0
                ? silent
                : database -> {
                    WireConnection connection = silent.open(database);
                    messages.info("executing " + ServerTarget.EMPTY_SEARCH_PATH);
                    return connection;
                };
        if (jobs > 1) {
            return inParallel(context, connections, jobs);
        }
        messages.info("connecting to database for restore");
        RestoreErrors errors = new RestoreErrors(messages, options.endsWithFirstError());
        try (ServerTarget target = new ServerTarget(
                connections, Optional.empty(), errors, context.session().standardStrings())) {
            RestoreContext implied = context.withImpliedContent();
            new RestoreRun(implied, target, new ArchiveDataReader(archive, implied)).run();
        }
        return errors.count();
    }

    private int inParallel(RestoreContext context, ServerConnections connections, int jobs) throws IOException {
        requireDependencies();
        archive.again().close();
        messages.info("connecting to database for restore");
        for (StoredEntry entry : archive.entries()) {
            RestoreItem item = context.byId().get(entry.entry().dumpId());
            if (item != null && entry.hasData() && item.isWanted()) {
                item.setSize(archive.size(entry));
            }
        }
        return new ParallelRestore(context.withImpliedContent(), connections, archive, options.endsWithFirstError())
                .run(jobs);
    }

    private void requireDependencies() throws ArchiveException {
        if (archive.head().version().minor() < 8 && archive.head().version().major() == 1) {
            throw new ArchiveException("parallel restore is not supported with archives made by pre-8.0 pg_dump");
        }
    }

    private RestoreContext context() throws ArchiveException {
        EntrySelection.mark(options, items);
        return RestoreContext.of(options, ScriptHead.of(archive.head()), items, messages);
    }
}
