package org.pgark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.physical.verify.BackupVerification;
import org.pgark.physical.verify.Damage;
import org.pgark.physical.verify.VerificationResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code pgark verify}: reads back every object that a backup needs. */
@Command(
        name = "verify",
        description = "Read back every object that a backup needs and check it.",
        footer = {"", "Without BACKUP the newest one is verified. Exit code 3 if damage was found."})
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private PgarkCommand pgark = PgarkCommand.NONE;

    @Mixin
    private final ClusterOption cluster = new ClusterOption();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "BACKUP",
            description = "the backup's id, any unambiguous beginning of it, or \"latest\"")
    private @Nullable String id;

    @Option(names = "--all", description = "verify all backups")
    private boolean all;

    @Option(names = "--jobs", paramLabel = "N", description = "how many threads read at once")
    private @Nullable Integer jobs;

    @Override
    public Integer call() throws Exception {
        if (all && id != null) {
            throw pgark.usage("--all and a backup exclude each other");
        }
        Output output = pgark.output();
        ObjectNode document = Output.object();
        ArrayNode results = document.putArray("backups");
        boolean sound = true;
        int threads = jobs == null ? Runtime.getRuntime().availableProcessors() : pgark.atLeastOne("--jobs", jobs);
        try (Clusters opened = Clusters.of(pgark.configuration())) {
            List<Clusters.Found> chosen = new ArrayList<>();
            if (all) {
                chosen.addAll(opened.findAll(cluster.name()));
            } else {
                chosen.add(opened.find(cluster.name(), id == null ? "latest" : id));
            }
            for (Clusters.Found found : chosen) {
                VerificationResult result;
                try (Progress progress = Progress.on(output)) {
                    result = BackupVerification.run(found.repository(), found.backup(), threads, progress.listener());
                }
                sound &= result.sound();
                results.add(json(result));
                describe(result, output);
            }
            if (chosen.isEmpty()) {
                output.line("there is no backup to verify");
            }
        }
        output.result(document);
        return (sound ? ExitCode.DONE : ExitCode.DAMAGE_FOUND).number();
    }

    private static void describe(VerificationResult result, Output output) {
        output.line("backup " + result.backup() + ": " + Words.count(result.files(), "file") + ", "
                + Words.size(result.bytes()) + ": "
                + (result.sound() ? "everything is as it was written" : "DAMAGE FOUND"));
        for (Damage damage : result.damages()) {
            output.line("  " + damage.reason() + " (needed for \"" + damage.path() + "\")");
        }
        if (result.knownDamagedPages() > 0) {
            output.line("  " + Words.count(result.knownDamagedPages(), "page")
                    + " had a wrong checksum in the cluster already when the backup was taken");
        }
    }

    private static ObjectNode json(VerificationResult result) {
        ObjectNode json = Output.object()
                .put("id", result.backup().toString())
                .put("sound", result.sound())
                .put("files", result.files())
                .put("size", result.bytes())
                .put("known_damaged_pages", result.knownDamagedPages());
        ArrayNode damages = json.putArray("damages");
        for (Damage damage : result.damages()) {
            damages.addObject()
                    .put("object", damage.object())
                    .put("reason", damage.reason())
                    .put("path", damage.path());
        }
        return json;
    }
}
