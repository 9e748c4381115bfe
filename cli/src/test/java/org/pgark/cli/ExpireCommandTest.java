package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgark.physical.wal.ArchiveAccess;
import org.pgark.physical.wal.WalPush;
import org.pgark.repository.BackupId;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.BackupSession;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Repository;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.DamagedFrames;
import org.pgark.storage.LocalDirectoryStore;
import org.pgark.testkit.FileFault;
import tools.jackson.databind.JsonNode;

/** What {@code pgark expire} says, and with which exit code; and the like of {@code restore} from what is damaged. */
class ExpireCommandTest {
    private final Instant now = Instant.now();

    @TempDir
    private Path folder;

    private Path data;

    private CommandResult run(String... words) {
        return CommandResult.of(folder, words);
    }

    @BeforeEach
    void makeARepositoryWithWal() throws Exception {
        SampleRepository.make(folder, () -> now.minus(Duration.ofDays(3)), new SecureRandom());
        data = folder.resolve("data");
        List<String> segments = SampleData.make(data, 2);
        configure("keep.last = 1");
        try (ArchiveAccess archives = new ArchiveAccess("main", this::open, InstantSource.system())) {
            for (String segment : segments) {
                new WalPush(archives).push(data, data.resolve("pg_wal").resolve(segment));
            }
        }
    }

    private void configure(String... lines) throws IOException {
        Path file = folder.resolve("pgark.toml");
        Files.writeString(
                file,
                "[repository.main]\nurl = \"file:" + folder.resolve("repository") + "\"\n[cluster.main]\npgdata = \""
                        + data + "\"\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Repository open() throws IOException {
        return Repository.open(
                new LocalDirectoryStore(folder.resolve("repository")),
                Optional.empty(),
                InstantSource.system(),
                new SecureRandom());
    }

    private static ClusterRepository cluster(Repository repository) throws IOException {
        return repository.open(repository.cluster("main").newest().orElseThrow());
    }

    /** A further backup with the content of the first. */
    private String add(Duration ago) throws IOException {
        try (Repository repository = open()) {
            ClusterRepository cluster = cluster(repository);
            BackupRecord first = cluster.backups().getFirst();
            Instant time = now.minus(ago);
            BackupRecord other = new BackupRecord(
                    BackupId.create(time, new SecureRandom()),
                    first.basis(),
                    first.labels(),
                    first.note(),
                    first.pgarkVersion(),
                    first.compression(),
                    time,
                    time,
                    first.wal(),
                    first.server(),
                    first.size(),
                    first.manifest(),
                    first.relationNames());
            try (BackupSession session = cluster.beginBackup("sample", first.id())) {
                session.commit(other, cluster.packs(first.id()));
            }
            return other.id().value();
        }
    }

    private List<String> backups() throws IOException {
        try (Repository repository = open()) {
            return cluster(repository).backups().stream()
                    .map(backup -> backup.id().value())
                    .toList();
        }
    }

    @Test
    void withoutARuleNothingGoes() throws Exception {
        add(Duration.ofDays(1));
        configure();
        assertThat(run("expire").mustEndWith(0).output()).isEqualTo("""
            cluster main: no rule is configured, nothing goes
              set for example cluster.main.keep.window = "4 weeks"
            """);
        assertThat(backups()).hasSize(2);
    }

    @Test
    void whatGoesIsSaidBeforeAndThenGone() throws Exception {
        String first = backups().getFirst();
        String second = add(Duration.ofDays(1));

        JsonNode plan = run("expire", "--dry-run", "--json").mustEndWith(0).json();
        assertThat(plan.get("dry_run").asBoolean()).isTrue();
        assertThat(plan.at("/clusters/0/backups/0/id").asString()).isEqualTo(first);
        assertThat(plan.at("/clusters/0/backups/0/kept").asBoolean()).isFalse();
        assertThat(plan.at("/clusters/0/backups/1/reasons/0/rule").asString()).isEqualTo("last");
        assertThat(backups()).hasSize(2);

        CommandResult result = run("expire").mustEndWith(0);
        assertThat(result.output())
                .contains("went      " + first)
                .contains("no rule keeps it")
                .contains("stays     " + second);
        assertThat(backups()).containsExactly(second);
        assertThat(run("list").mustEndWith(0).output()).contains(second).doesNotContain(first);
    }

    @Test
    void whereAClockMayHaveBeenWrongNothingGoesUnlessItIsTrusted() throws Exception {
        String second = add(Duration.ofDays(1));
        String third = add(Duration.ofDays(2));

        for (String[] words : new String[][] {{"expire"}, {"expire", "--dry-run"}}) {
            assertThat(run(words).mustEndWith(4).output())
                    .contains("NOTHING GOES, a clock may have been wrong: backup " + third + " follows backup " + second
                            + " in the WAL, but by its clock (")
                    .contains("pgark expire --trust-clock");
        }
        assertThat(run("expire", "--json")
                        .mustEndWith(4)
                        .json()
                        .at("/clusters/0/clock_doubt")
                        .asString())
                .startsWith("backup " + third + " follows");
        assertThat(backups()).hasSize(3);

        run("expire", "--trust-clock", "--dry-run").mustEndWith(0);
        assertThat(backups()).hasSize(3);
        assertThat(run("expire", "--trust-clock").mustEndWith(0).output()).doesNotContain("NOTHING GOES");
        assertThat(backups()).containsExactly(second);
    }

    @Test
    void damageThatEndsCollectingIsNamedAndWhatIsGoneStaysGone() throws Exception {
        add(Duration.ofDays(1));
        FileFault.flipBit(pack(), Files.size(pack()) - 200);

        run("expire", "--no-collect").mustEndWith(0);
        add(Duration.ofHours(1));
        assertThat(run("expire").mustEndWith(1).errors())
                .contains(pack().getFileName() + "\" is damaged: frame 2 does not match its tag");
        assertThat(backups()).hasSize(1);
    }

    private Path pack() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("repository"))) {
            return files.filter(file -> file.toString().contains("/packs/"))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void unknownWordsAreAUsageError() {
        assertThat(run("expire", "--even-damaged").mustEndWith(2).errors()).contains("--even-damaged");
        run("expire", "--cluster", "other").mustEndWith(2);
    }

    @Test
    void aDamagedBackupIsRestoredOverFilesOnlyIfThatIsSaid() throws Exception {
        String backup = backups().getFirst();
        String finding = "a frame is damaged, they say";
        try (Repository repository = open()) {
            cluster(repository).checked(CheckReport.ofBackups(Map.of(backup, finding), DamagedFrames.NONE, List.of()));
        }
        Files.writeString(data.resolve("PG_VERSION"), "18\n");
        String to = data.toString();
        assertThat(run("restore", "--to", to, "--immediate", "--force")
                        .mustEndWith(4)
                        .errors())
                .contains("damage was found in every backup of cluster \"main\"");
        assertThat(run("restore", "--to", to, "--backup", backup, "--immediate", "--force")
                        .mustEndWith(4)
                        .errors())
                .contains(finding)
                .contains("--even-damaged");
        assertThat(run(
                                "restore",
                                "--to",
                                to,
                                "--backup",
                                backup,
                                "--immediate",
                                "--force",
                                "--even-damaged",
                                "--dry-run")
                        .mustEndWith(0)
                        .output())
                .contains(backup);
    }

    @Test
    void aRestoreKeepsItsBackupForAsLongAsItSays() throws Exception {
        String first = backups().getFirst();
        Path to = folder.resolve("restored");
        assertThat(run("restore", "--to", to.toString(), "--immediate", "--hold-wal", "often")
                        .mustEndWith(2)
                        .errors())
                .contains("invalid value \"often\" of --hold-wal, must be like \"12h\" or \"7d\"");
        assertThat(run("restore", "--to", to.toString(), "--immediate", "--hold-wal", "36h")
                        .mustEndWith(0)
                        .output())
                .contains("the backup and the WAL since stay for 36h");
        String second = add(Duration.ofDays(1));

        assertThat(run("expire").mustEndWith(0).output())
                .contains("stays     " + first)
                .contains("in use: restored to \"" + to + "\" on host ");
        assertThat(run("list").mustEndWith(0).output()).contains("restored, stays until ");
        assertThat(run("delete", first).mustEndWith(4).errors()).contains("was restored to \"" + to + "\"");
        assertThat(backups()).containsExactly(first, second);

        run("unpin", first).mustEndWith(0);
        run("restore", "--to", folder.resolve("again").toString(), "--backup", first, "--immediate", "--hold-wal", "0")
                .mustEndWith(0);
        run("expire").mustEndWith(0);
        assertThat(backups()).containsExactly(second);
    }
}
