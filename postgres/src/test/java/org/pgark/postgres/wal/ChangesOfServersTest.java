package org.pgark.postgres.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgark.embedded.StopMode;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.control.ControlFile;
import org.pgark.postgres.control.WalLevel;
import org.pgark.postgres.datadir.Fork;
import org.pgark.postgres.datadir.RelationPath;
import org.pgark.postgres.wal.RecordedChanges.ForkChanges;
import org.pgark.postgres.wal.RecordedChanges.ForkId;
import org.pgark.testkit.TestCluster;
import org.pgark.testkit.Waiting;

/** What the WAL of a server says has changed is what changed in its files, and what the server itself says. */
class ChangesOfServersTest {
    private static final int PAGE = 8192;
    private static final int FREE_SPACE_MAP = 1;
    private static final int VISIBILITY_MAP = 2;
    private static final Pattern FIELDS = Pattern.compile(" ");

    @ParameterizedTest
    @ValueSource(ints = {13, 18})
    void everyPageThatDiffersWasTold(int major) throws Exception {
        check(major);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17})
    void everyPageThatDiffersWasToldByOtherServers(int major) throws Exception {
        check(major);
    }

    private static void check(int major) throws Exception {
        TestCluster.Builder builder = WalWorkload.cluster(major);
        if (major >= 17) {
            builder.with("summarize_wal", "on");
        }
        try (TestCluster cluster = builder.started()) {
            WalWorkload.prepare(cluster);
            cluster.stop(StopMode.FAST);
            Lsn from = ControlFile.read(cluster.dataDirectory()).checkpoint();
            Map<ForkId, List<Long>> before = pages(cluster.dataDirectory());
            cluster.start();
            WalWorkload.run(cluster, major);
            if (major >= 17) {
                compareWithSummaries(cluster, from);
            }
            cluster.stop(StopMode.FAST);
            RecordedChanges changes = changes(cluster, from, new Lsn(-1));
            Map<ForkId, List<Long>> after = pages(cluster.dataDirectory());
            assertThat(untold(before, after, changes)).isEmpty();
            checkEvents(changes, major);
        }
    }

    private static void checkEvents(RecordedChanges changes, int major) {
        assertThat(changes.events(WalChange.UnknownChange.class)).isEmpty();
        assertThat(changes.events(WalChange.DatabaseCreated.class)).hasSize(major >= 15 ? 4 : 3);
        assertThat(changes.events(WalChange.DatabaseCreated.class).stream()
                        .filter(made -> !made.copied())
                        .count())
                .isEqualTo(major >= 15 ? 2 : 0);
        assertThat(changes.events(WalChange.DatabaseDropped.class)).hasSize(3);
        assertThat(changes.events(WalChange.ForkTruncated.class)).isNotEmpty();
        assertThat(changes.events(WalChange.RelationDropped.class)).hasSizeGreaterThan(20);
        assertThat(changes.events(WalChange.CheckpointDone.class)).hasSizeGreaterThan(5);
        assertThat(changes.events(WalChange.WalLevelStated.class))
                .allMatch(new WalChange.WalLevelStated(WalLevel.LOGICAL)::equals)
                .hasSizeGreaterThanOrEqualTo(major >= 17 ? 5 : 0);
    }

    private static RecordedChanges changes(TestCluster cluster, Lsn from, Lsn to) throws IOException {
        RecordedChanges recorded = new RecordedChanges();
        WalChanges changes =
                new WalChanges(PostgresMajor.of(cluster.cluster().installation().major()), PAGE, recorded);
        WalFolder wal = new WalFolder(cluster.dataDirectory().resolve("pg_wal"));
        assertThat(wal.start().compareTo(from)).isLessThanOrEqualTo(0);
        wal.read(record -> {
            if (!record.start().isBefore(from) && record.start().isBefore(to)) {
                changes.read(record);
            }
        });
        return recorded;
    }

    /** The pages of main and init forks that were there before, are different now, and of which nothing was told. */
    private static List<String> untold(
            Map<ForkId, List<Long>> before, Map<ForkId, List<Long>> after, RecordedChanges changes) {
        List<String> untold = new ArrayList<>();
        int differing = 0;
        for (Map.Entry<ForkId, List<Long>> entry : after.entrySet()) {
            ForkId id = entry.getKey();
            List<Long> old = before.getOrDefault(id, List.of());
            for (int block = 0; block < Math.min(old.size(), entry.getValue().size()); block++) {
                if (!old.get(block).equals(entry.getValue().get(block))) {
                    differing++;
                    if (!changes.mayDiffer(id.tablespace(), id.database(), id.relation(), id.fork(), block)) {
                        untold.add(id + " block " + block);
                    }
                }
            }
        }
        assertThat(differing).isGreaterThan(300);
        return untold;
    }

    /** A hash of each page of each main and init fork that is logged. */
    private static Map<ForkId, List<Long>> pages(Path data) throws IOException {
        Map<ForkId, List<Long>> pages = new TreeMap<>();
        for (Path file : relationFiles(data)) {
            Optional<RelationPath> path =
                    RelationPath.parse(data.relativize(file).toString());
            if (path.isPresent() && isLogged(file, path.get().file().fork())) {
                pages.put(id(path.get()), hashes(Files.readAllBytes(file)));
            }
        }
        return pages;
    }

    private static boolean isLogged(Path file, Fork fork) {
        return switch (fork) {
            case INIT -> true;
            case MAIN -> !Files.exists(file.resolveSibling(file.getFileName() + "_init"));
            case FREE_SPACE_MAP, VISIBILITY_MAP -> false;
        };
    }

    private static List<Path> relationFiles(Path data) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("global", "base", "pg_tblspc")) {
            try (Stream<Path> all = Files.walk(data.resolve(folder), FileVisitOption.FOLLOW_LINKS)) {
                all.filter(Files::isRegularFile).forEach(files::add);
            }
        }
        return files;
    }

    private static ForkId id(RelationPath path) {
        return new ForkId(
                Integer.toUnsignedLong(path.tablespace()),
                Integer.toUnsignedLong(path.database()),
                Integer.toUnsignedLong(path.file().relation()),
                path.file().fork() == Fork.MAIN ? 0 : 3);
    }

    private static List<Long> hashes(byte[] content) {
        List<Long> hashes = new ArrayList<>();
        CRC32C crc = new CRC32C();
        for (int at = 0; at + PAGE <= content.length; at += PAGE) {
            crc.reset();
            crc.update(content, at, PAGE);
            hashes.add(crc.getValue());
        }
        return hashes;
    }

    /** Summary by summary, equal but for the visibility map, of which the WAL tells the last page it kept as well. */
    private static void compareWithSummaries(TestCluster cluster, Lsn from)
            throws IOException, SQLException, InterruptedException {
        cluster.execute("checkpoint");
        String redo = cluster.query("select redo_lsn::text from pg_control_checkpoint()");
        Waiting.until(
                "the WAL is summarized",
                () -> cluster.query("select coalesce(max(end_lsn), '0/0') >= '" + redo
                                + "'::pg_lsn from pg_available_wal_summaries()")
                        .equals("t"));
        List<String> ranges = cluster.queryAll("select start_lsn || ' ' || end_lsn from pg_available_wal_summaries()"
                + " where start_lsn >= '" + from + "' order by start_lsn");
        assertThat(ranges).hasSizeGreaterThan(5);
        long rows = 0;
        for (String range : ranges) {
            Lsn start = Lsn.parse(range.substring(0, range.indexOf(' ')));
            Lsn end = Lsn.parse(range.substring(range.indexOf(' ') + 1));
            RecordedChanges changes = changes(cluster, start, end);
            Set<String> theirs = new TreeSet<>(cluster.queryAll(
                    "select concat_ws(' ', reltablespace, reldatabase, relfilenode, relforknumber, relblocknumber,"
                            + " is_limit_block) from pg_wal_summary_contents(1, '"
                            + start + "', '" + end + "')"));
            compareVisibilityMaps(theirs, changes);
            assertThat(withoutVisibilityMaps(rows(changes)))
                    .as("%s to %s", start, end)
                    .isEqualTo(withoutVisibilityMaps(theirs));
            rows += theirs.size();
        }
        assertThat(rows).isGreaterThan(2000);
    }

    private static Set<String> withoutVisibilityMaps(Set<String> rows) {
        return rows.stream()
                .filter(row -> !FIELDS.split(row, -1)[3].equals(Integer.toString(VISIBILITY_MAP)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void compareVisibilityMaps(Set<String> theirs, RecordedChanges changes) {
        for (String row : theirs) {
            String[] field = FIELDS.split(row, -1);
            if (!field[3].equals(Integer.toString(VISIBILITY_MAP))) {
                continue;
            }
            ForkId id = new ForkId(
                    Long.parseLong(field[0]), Long.parseLong(field[1]), Long.parseLong(field[2]), VISIBILITY_MAP);
            long number = Long.parseLong(field[4]);
            if (field[5].equals("t")) {
                assertThat(number - changes.limit(id)).as(row).isBetween(0L, 1L);
            } else {
                assertThat(changes.mayDiffer(id.tablespace(), id.database(), id.relation(), id.fork(), number))
                        .as(row)
                        .isTrue();
            }
        }
    }

    private static Set<String> rows(RecordedChanges changes) {
        Set<String> rows = new TreeSet<>();
        changes.databases.forEach(id -> rows.add(row(id, 0, true)));
        for (Map.Entry<ForkId, ForkChanges> entry : changes.forks.entrySet()) {
            if (entry.getKey().fork() == FREE_SPACE_MAP) {
                continue;
            }
            if (entry.getValue().limit != Long.MAX_VALUE) {
                rows.add(row(entry.getKey(), entry.getValue().limit, true));
            }
            entry.getValue().blocks.forEach(block -> rows.add(row(entry.getKey(), block, false)));
        }
        return rows;
    }

    private static String row(ForkId id, long block, boolean isLimit) {
        return id.tablespace() + " " + id.database() + " " + id.relation() + " " + id.fork() + " " + block
                + (isLimit ? " t" : " f");
    }
}
