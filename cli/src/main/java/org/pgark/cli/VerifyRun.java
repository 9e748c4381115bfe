package org.pgark.cli;

import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pgark.cli.output.Output;
import org.pgark.cli.output.Progress;
import org.pgark.cli.output.Words;
import org.pgark.physical.recovery.BackupPoint;
import org.pgark.physical.recovery.BrokenWal;
import org.pgark.physical.recovery.RecoveryPlanner;
import org.pgark.physical.recovery.RecoveryWindow;
import org.pgark.physical.recovery.RepositoryWal;
import org.pgark.physical.recovery.SoundWal;
import org.pgark.physical.recovery.WalContinuity;
import org.pgark.physical.verify.BackupVerification;
import org.pgark.physical.verify.Damage;
import org.pgark.physical.verify.SampleResult;
import org.pgark.physical.verify.SampleVerification;
import org.pgark.physical.verify.VerificationResult;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.ClusterRepository;
import org.pgark.repository.Incarnation;
import org.pgark.repository.care.Arc;
import org.pgark.repository.care.Care;
import org.pgark.repository.care.CheckReport;
import org.pgark.repository.care.DamagedFrames;
import org.pgark.repository.care.DamagedWal;
import org.pgark.repository.care.Depth;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One run of {@code pgark verify}: verifies, remembers and tells. */
final class VerifyRun {
    private final Output output;
    private final int threads;
    private final ObjectNode document = Output.object();
    private final ArrayNode backups = document.putArray("backups");
    private final ArrayNode samples = document.putArray("samples");
    private final ArrayNode wal = document.putArray("wal");
    private final ArrayNode windows = document.putArray("windows");
    private final Map<String, Set<WalSegmentName>> broken = new HashMap<>();
    private final Map<String, Set<String>> damaged = new HashMap<>();
    private boolean sound = true;

    VerifyRun(Output output, int threads) {
        this.output = output;
        this.threads = threads;
    }

    boolean sound() {
        return sound;
    }

    ObjectNode document() {
        return document;
    }

    /** Reads backups whole. */
    void backups(List<Clusters.Found> chosen, boolean all) throws Exception {
        for (Clusters.Found found : chosen) {
            VerificationResult result;
            try (Progress progress = Progress.on(output)) {
                result = BackupVerification.run(found.repository(), found.backup(), threads, progress.listener());
            }
            sound &= result.sound();
            if (!result.damages().isEmpty()) {
                noteDamaged(found.repository(), result.backup().value());
            }
            noteBroken(found.repository(), result.wal().damaged());
            remember(found.repository(), result.report());
            describe(result);
            if (result.damages().isEmpty()) {
                found.backup()
                        .damageIn(found.repository().care())
                        .ifPresent(damage ->
                                output.line("  still counts as damaged, until \"pgark verify --wal\" finds its"
                                        + " WAL sound: " + damage));
            }
        }
        if (all) {
            forgetWhatIsGone(chosen);
        }
        if (chosen.isEmpty()) {
            output.line("there is no backup to verify");
        }
    }

    private void noteDamaged(ClusterRepository repository, String backup) {
        damaged.computeIfAbsent(key(repository), _ -> new HashSet<>()).add(backup);
    }

    private void noteBroken(ClusterRepository repository, DamagedWal damagedWal) {
        broken.computeIfAbsent(key(repository), _ -> new HashSet<>())
                .addAll(damagedWal.segments().keySet());
    }

    private static String key(ClusterRepository repository) {
        return repository.incarnation().id().value();
    }

    /** Verification has its result even where the repository cannot be written. */
    private void remember(ClusterRepository repository, CheckReport report) {
        try {
            repository.checked(report);
        } catch (IOException e) {
            output.remark("warning: what was found is not remembered in the repository: " + e.getMessage());
        }
    }

    private void forgetWhatIsGone(List<Clusters.Found> chosen) throws IOException {
        for (ClusterRepository repository :
                chosen.stream().map(Clusters.Found::repository).distinct().toList()) {
            Care care = repository.care();
            Set<org.pgark.repository.frame.ObjectId> gone =
                    new HashSet<>(care.damaged().packs().keySet());
            for (BackupRecord backup : repository.backups()) {
                repository.packs(backup.id()).forEach(pack -> gone.remove(pack.id()));
            }
            if (!gone.isEmpty()) {
                remember(repository, CheckReport.ofBackups(Map.of(), DamagedFrames.NONE, List.copyOf(gone)));
            }
        }
    }

    private void forgetExpired(ClusterRepository repository) throws IOException {
        Care care = repository.care();
        Set<WalSegmentName> expired = new HashSet<>(care.damagedWal().segments().keySet());
        expired.removeAll(care.damagedWal()
                .without(care.expired(), repository.incarnation().segmentSize())
                .segments()
                .keySet());
        if (!expired.isEmpty()) {
            remember(
                    repository,
                    CheckReport.ofWal(new CheckReport.Wal(Depth.RECORDS, DamagedWal.NONE, List.copyOf(expired))));
        }
    }

    /** Reads a part of everything, behind the part that was read last. */
    void sample(Clusters opened, Optional<String> wanted, int points) throws Exception {
        for (Place place : places(opened, wanted)) {
            ClusterRepository repository = place.repository;
            Care care = repository.care();
            SampleResult result;
            try (Progress progress = Progress.on(output)) {
                result = SampleVerification.run(
                        repository, new Arc(care.ring().next(), points), threads, progress.listener());
            }
            sound &= result.damages().isEmpty();
            result.findings().keySet().forEach(backup -> noteDamaged(repository, backup));
            noteBroken(repository, result.wal().damaged());
            remember(repository, result.report(care.damaged()));
            describe(place.cluster, repository, result);
        }
    }

    private record Place(String cluster, ClusterRepository repository) {}

    private static List<Place> places(Clusters opened, Optional<String> wanted) throws Exception {
        List<Place> places = new ArrayList<>();
        for (String name : opened.names(wanted)) {
            for (Clusters.Opened place : opened.repositories(name)) {
                String words = opened.isInSeveral(name) ? name + " in repository " + place.name() : name;
                for (Incarnation incarnation : place.repository().cluster(name).incarnations()) {
                    places.add(new Place(words, place.repository().open(incarnation)));
                }
            }
        }
        return places;
    }

    /** Reads WAL record by record. */
    void wal(Clusters opened, Optional<String> wanted) throws Exception {
        for (Place place : places(opened, wanted)) {
            List<BrokenWal> found;
            WalContinuity continuity;
            try (Progress progress = Progress.on(output)) {
                continuity = new WalContinuity(RepositoryWal.withDamaged(place.repository), progress.listener());
                found = continuity.check(
                        place.repository.backups().stream().map(BackupPoint::of).toList());
            }
            CheckReport report = continuity.report(place.repository.care().damagedWal());
            noteBroken(place.repository, report.wal().damaged());
            boolean whole = found.isEmpty() && continuity.historyFaults().isEmpty();
            sound &= whole;
            output.line("cluster " + place.cluster + ": " + Words.count(continuity.segments(), "WAL segment") + ": "
                    + (whole ? "every record follows the one before" : "DAMAGE FOUND"));
            ObjectNode json = wal.addObject()
                    .put("cluster", place.cluster)
                    .put(
                            "system_identifier",
                            place.repository.incarnation().systemIdentifier().toString())
                    .put("segments", continuity.segments());
            ArrayNode reasons = json.putArray("damages");
            for (String fault : continuity.historyFaults()) {
                output.line("  " + fault);
                reasons.addObject().put("reason", fault);
            }
            for (BrokenWal one : found) {
                output.line("  " + one.reason());
                reasons.addObject().put("segment", one.segment().toString()).put("reason", one.reason());
            }
            remember(place.repository, report);
            forgetExpired(place.repository);
        }
    }

    /** Says to which instants the cluster can be restored, without what is damaged. */
    void windows(Clusters opened, Optional<String> wanted) throws Exception {
        for (Place place : places(opened, wanted)) {
            Set<String> without = damaged.getOrDefault(key(place.repository), Set.of());
            Care care = place.repository.care();
            List<BackupPoint> points = place.repository.backups().stream()
                    .filter(backup -> !without.contains(backup.id().value()))
                    .filter(backup -> backup.damageIn(care).isEmpty())
                    .map(BackupPoint::of)
                    .toList();
            Set<WalSegmentName> segments = broken.getOrDefault(key(place.repository), Set.of());
            List<RecoveryWindow> left = new RecoveryPlanner(
                            place.cluster,
                            points,
                            new SoundWal(new RepositoryWal(place.repository), segments),
                            ZoneId.systemDefault())
                    .windows();
            for (RecoveryWindow window : left) {
                output.line("recoverable: cluster " + place.cluster + ", " + window.describe(ZoneId.systemDefault()));
                windows.add(
                        ListCommand.json(place.repository.incarnation(), window).put("cluster", place.cluster));
            }
            if (left.isEmpty()) {
                output.line("recoverable: cluster " + place.cluster + ": NOTHING");
            }
        }
    }

    private void describe(VerificationResult result) {
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
        ObjectNode json = backups.addObject()
                .put("id", result.backup().toString())
                .put("sound", result.sound())
                .put("files", result.files())
                .put("size", result.bytes())
                .put("known_damaged_pages", result.knownDamagedPages());
        addDamages(json, result.damages());
    }

    private void describe(String cluster, ClusterRepository repository, SampleResult result) throws IOException {
        Optional<java.time.Instant> whole = repository.care().ring().wholeSince();
        output.line("cluster " + cluster + ": sample of " + Words.count(result.packs(), "pack") + ", "
                + Words.size(result.bytes()) + ", and " + Words.count(result.segments(), "WAL segment") + ": "
                + (result.damages().isEmpty() ? "everything is as it was written" : "DAMAGE FOUND"));
        for (Damage damage : result.damages()) {
            output.line("  " + damage.reason());
        }
        result.findings().forEach((backup, finding) -> output.line("  backup " + backup + " is DAMAGED: " + finding));
        output.line(whole.map(time -> "  samples have read everything since " + Words.instant(time))
                .orElse("  samples have not read everything yet"));
        ObjectNode json = samples.addObject()
                .put("cluster", cluster)
                .put("packs", result.packs())
                .put("size", result.bytes())
                .put("wal_segments", result.segments())
                .put("sound", result.damages().isEmpty());
        whole.ifPresent(time -> json.put("everything_since", time.toString()));
        ArrayNode hit = json.putArray("damaged_backups");
        result.findings().keySet().forEach(hit::add);
        addDamages(json, result.damages());
    }

    private static void addDamages(ObjectNode json, List<Damage> found) {
        ArrayNode damages = json.putArray("damages");
        for (Damage damage : found) {
            damages.addObject()
                    .put("object", damage.object())
                    .put("reason", damage.reason())
                    .put("path", damage.path());
        }
    }
}
