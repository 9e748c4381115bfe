package org.pgark.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.pgark.cli.ExitCode;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import org.pgark.embedded.EmbeddedServers;
import org.pgark.embedded.FileTree;
import org.pgark.embedded.Installation;
import org.pgark.embedded.ledger.LedgerMark;
import org.pgark.embedded.ledger.LedgerVerdict;

/** The story of one cluster that is lost and comes back. */
public final class Demo {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");
    private static final int MEGABYTES = 220;

    private final Wish wish;
    private final Story story;
    private final Path folder;
    private final Commands commands;

    private Demo(Wish wish, Output output, Path folder) {
        this.wish = wish;
        this.story = new Story(output);
        this.folder = folder;
        this.commands = new Commands(
                story,
                Path.of(System.getProperty("pgark.home", "."), "bin", "pgark"),
                folder.resolve("pgark.toml"),
                folder.resolve("spool"));
    }

    /**
     * What the user wants to see.
     *
     * @param major which PostgreSQL
     * @param port the server's port, if it matters
     * @param keep whether everything stays, the restored server running
     * @param sabotage whether a WAL segment is taken away before the restore
     */
    public record Wish(int major, Optional<Integer> port, boolean keep, boolean sabotage) {}

    /** Plays the story and says how the process shall end. */
    public static ExitCode play(Wish wish, Output output) throws IOException, SQLException, InterruptedException {
        Installation installation = EmbeddedServers.ofThisBuild().installation(wish.major());
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "pgark-demo-").toRealPath();
        Demo demo = new Demo(wish, output, folder);
        Thread cleaning = new Thread(() -> demo.leave(Optional.empty()), "demo-cleaning");
        Runtime.getRuntime().addShutdownHook(cleaning);
        try (Stage stage = Stage.set(installation, folder, wish.port())) {
            ExitCode exitCode = demo.play(stage);
            if (wish.keep()) {
                stage.keep();
            }
            demo.leave(Optional.of(stage));
            Runtime.getRuntime().removeShutdownHook(cleaning);
            return exitCode;
        }
    }

    private ExitCode play(Stage stage) throws IOException, SQLException, InterruptedException {
        story.chapter("A PostgreSQL " + stage.version() + " of its own");
        story.tell("Everything happens in " + folder + "; nothing of yours is touched.");
        stage.start();
        story.tell("The server runs. pgark is told of it, and switches archiving on:");
        commands.mustRun(
                "init",
                "--cluster",
                "demo",
                "--pgdata",
                stage.dataDirectory().toString(),
                "--repo",
                "file:" + folder.resolve("repository"),
                "--connection",
                stage.connectionText(),
                "--apply");
        stage.restart();
        story.tell("The server was restarted, as archive_mode asks for it.");

        story.chapter("A shop opens");
        stage.loadShop(MEGABYTES);
        story.tell("Customers, orders and order lines: " + Words.size(stage.databaseSize())
                + " with indexes, a part of it in a tablespace.");
        stage.startLedger(folder.resolve("ledger"));
        story.tell("Tellers begin to write. Outside of the cluster a ledger notes every commit that they are told of.");

        story.chapter("A backup, while they write");
        commands.mustRun("backup", "--cluster", "demo");
        story.tell(Words.count(stage.commits(), "commit") + " in the ledger by now.");

        story.chapter("The last good moment");
        stage.awaitCommits(200);
        stage.switchWal();
        stage.awaitCommits(200);
        LedgerMark mark = stage.mark();
        String time = mark.time().toString();
        story.tell("It is " + CLOCK.format(mark.time().atZone(ZoneId.systemDefault())) + ". The ledger has "
                + Words.count(mark.commits(), "commit") + ".");
        stage.awaitCommits(200);

        story.chapter("Disaster");
        stage.commitDisaster();
        story.tell("Somebody commits: DROP TABLE shop.order_line; UPDATE shop.customer SET name = 'oops';");
        story.tell("The tellers do not notice, and write on.");
        stage.awaitCommits(200);
        stage.stopLedger();
        story.tell(Words.count(stage.commits(), "commit") + " in the ledger at the end.");
        stage.archiveEverything();
        stage.kill();
        story.tell("Then the server dies of SIGKILL, and its disk with it: data directory and tablespace are removed.");
        stage.removeFiles();

        if (wish.sabotage()) {
            story.chapter("Sabotage");
            story.tell("One WAL segment is taken out of the repository: " + stage.removeSegmentBefore(mark) + ".");
        }

        story.chapter("Back to the last good moment");
        int exitCode = commands.run(
                "restore", "--cluster", "demo", "--to", stage.dataDirectory().toString(), "--time", time);
        if (wish.sabotage()) {
            return sabotaged(stage, exitCode);
        }
        if (exitCode != 0) {
            throw new IOException("\"pgark restore\" ended with exit code " + exitCode);
        }
        stage.startRestored();
        story.tell("The server has replayed the WAL up to that moment, and is open for business again.");
        return prove(stage, mark);
    }

    private ExitCode sabotaged(Stage stage, int exitCode) {
        boolean refused = exitCode == ExitCode.REFUSED.number() && !stage.hasDataDirectory();
        story.document().put("refused", refused);
        story.end(
                refused
                        ? "Proof: pgark saw that this moment cannot be reached any more, refused, and wrote nothing."
                        : "FAILED: the restore should have been refused with exit code 4, but ended with " + exitCode);
        return refused ? ExitCode.REFUSED : ExitCode.FAILED;
    }

    private ExitCode prove(Stage stage, LedgerMark mark) throws SQLException {
        story.chapter("Proof");
        LedgerVerdict verdict = stage.judge(mark);
        boolean shop = stage.shopIsWhole();
        story.tell("The ledger is compared with the restored table, row by row:");
        story.tell("  committed by then, and there:      "
                + (verdict.required() - verdict.missing().size()) + " of " + verdict.required());
        story.tell(
                "  committed later, and there:        " + verdict.unexpected().size() + " of " + verdict.forbidden());
        story.tell("  in flight at that very instant:    " + verdict.undecided());
        story.tell("  shop.order_line and the names:    " + (shop ? "as they were" : "NOT as they were"));
        boolean proved = verdict.correct() && shop;
        story.document()
                .put("proved", proved)
                .put("required", verdict.required())
                .put("missing", verdict.missing().size())
                .put("forbidden", verdict.forbidden())
                .put("unexpected", verdict.unexpected().size());
        if (wish.keep()) {
            story.tell("Kept for you: psql \"" + stage.connectionText() + "\"");
        }
        story.end(
                proved
                        ? "Every row that was committed by then is back, and none that came later."
                        : "FAILED: " + verdict);
        return proved ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void leave(Optional<Stage> stage) {
        try {
            ArchiveWorkerEnd.of(folder.resolve("spool/demo/worker.pid"));
            if (!wish.keep()) {
                if (stage.isPresent()) {
                    stage.get().close();
                }
                FileTree.delete(folder);
            }
        } catch (IOException e) {
            story.tell("\"" + folder + "\" could not be removed: " + e.getMessage());
        }
    }
}
