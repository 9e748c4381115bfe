package org.pgark.cli;

import java.util.concurrent.Callable;
import org.pgark.cli.configuration.RepositoryConfiguration;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Table;
import org.pgark.cli.output.Words;
import org.pgark.repository.Repository;
import org.pgark.repository.key.Recipient;
import org.pgark.repository.key.RepositoryKeys;
import org.pgark.repository.seal.DataKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark key list}: who can open a repository, and which data keys it has. */
@Command(
        name = "list",
        description = "Show the recipients of a repository's keys, and its data keys.",
        footer = {"", "No secret is shown."})
final class KeyListCommand implements Callable<Integer> {
    @ParentCommand
    private KeyCommandGroup key = new KeyCommandGroup();

    @Mixin
    private final RepositoryOption option = new RepositoryOption();

    @Override
    public Integer call() throws Exception {
        Output output = key.pgark.output();
        RepositoryConfiguration settings = key.settings(option);
        try (Repository repository = Repositories.open(settings)) {
            RepositoryKeys keys = KeyCommandGroup.keys(repository);
            print(settings, repository, keys, output);
            output.result(json(settings, keys));
        }
        return ExitCode.DONE.number();
    }

    private static void print(
            RepositoryConfiguration settings, Repository repository, RepositoryKeys keys, Output output) {
        output.line("repository " + settings.name() + " in " + settings.url() + ", id " + repository.id());
        output.line("key fingerprint " + keys.fingerprint());
        output.line("keys of revision " + keys.revision() + ", written " + Words.instant(keys.created()));
        Table recipients = new Table("recipient", "kind", "details", "");
        for (Recipient recipient : keys.recipients()) {
            recipients.row(
                    recipient.name(),
                    recipient.kind().words(),
                    recipient.details().getOrDefault("uri", ""),
                    recipient.name().equals(keys.openedBy()) ? "opened it now" : "");
        }
        recipients.lines().forEach(output::line);
        Table data = new Table(">data key", "made", "");
        for (DataKey one : keys.dataKeys()) {
            boolean current = one.number() == keys.newest().number();
            data.row(Integer.toString(one.number()), Words.instant(one.created()), current ? "seals what is new" : "");
        }
        data.lines().forEach(output::line);
        if (keys.recipients().size() == 1) {
            output.line("NOTE: there is one recipient only; who loses it loses every backup");
        }
    }

    static ObjectNode json(RepositoryConfiguration settings, RepositoryKeys keys) {
        ObjectNode document = Output.object()
                .put("repository", settings.name())
                .put("url", settings.url().toString())
                .put("repository_id", keys.repositoryId())
                .put("key_fingerprint", keys.fingerprint())
                .put("revision", keys.revision())
                .put("created", keys.created().toString())
                .put("opened_by", keys.openedBy());
        ArrayNode recipients = document.putArray("recipients");
        for (Recipient recipient : keys.recipients()) {
            ObjectNode one = recipients
                    .addObject()
                    .put("name", recipient.name())
                    .put("kind", recipient.kind().word());
            if (recipient.details().containsKey("uri")) {
                one.put("uri", recipient.details().get("uri"));
            }
        }
        ArrayNode data = document.putArray("data_keys");
        for (DataKey one : keys.dataKeys()) {
            data.addObject()
                    .put("number", one.number())
                    .put("created", one.created().toString());
        }
        return document;
    }
}
