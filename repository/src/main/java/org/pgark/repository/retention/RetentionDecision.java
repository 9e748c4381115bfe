package org.pgark.repository.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Applies a policy to backups. */
public final class RetentionDecision {
    /**
     * How much longer than the backups that a number of backups reaches back to a timeline must have been silent to be taken
     * for abandoned: one that is not may be behind with its archive, or idle.
     */
    static final Duration GRACE = Duration.ofDays(7);

    private static final Comparator<Candidate> OLDEST_FIRST =
            Comparator.comparing(Candidate::time).thenComparing(Candidate::id);

    private final RetentionPolicy policy;
    private final List<Candidate> oldestFirst;
    private final List<Branch> branches;
    private final Instant now;
    private final Map<Candidate, List<KeepReason>> reasons = new LinkedHashMap<>();

    private RetentionDecision(RetentionPolicy policy, List<Candidate> candidates, List<Branch> branches, Instant now) {
        this.policy = policy;
        this.oldestFirst = candidates.stream().sorted(OLDEST_FIRST).toList();
        this.branches = branches;
        this.now = now;
    }

    /**
     * Decides about all backups of a cluster, of all its incarnations.
     *
     * @param branches every timeline on which one of the backups is, and every one of which there is WAL
     * @param now the instant at which windows end
     * @return what becomes of each, oldest first
     */
    public static List<Fate> decide(
            RetentionPolicy policy, List<Candidate> candidates, List<Branch> branches, Instant now) {
        return new RetentionDecision(policy, candidates, branches, now).decide();
    }

    private List<Fate> decide() {
        oldestFirst.forEach(backup -> reasons.put(backup, new ArrayList<>()));
        for (Candidate backup : oldestFirst) {
            if (policy.isEmpty()) {
                keep(backup, KeepReason.Rule.NO_POLICY, "no policy is configured");
            }
            backup.pin()
                    .ifPresent(pin ->
                            keep(backup, backup.archival() ? KeepReason.Rule.ARCHIVAL : KeepReason.Rule.PIN, pin));
            if (!backup.reader().isEmpty()) {
                keep(backup, KeepReason.Rule.READER, "in use: " + backup.reader());
            }
        }
        if (!policy.isEmpty()) {
            List<Candidate> counting =
                    oldestFirst.stream().filter(Candidate::counts).toList();
            newest(counting, policy.last(), KeepReason.Rule.LAST, "of the last " + policy.last());
            policy.window().ifPresent(window -> window(window, counting));
            calendar(counting);
            newest(counting, policy.minimum(), KeepReason.Rule.MINIMUM, "of the minimum of " + policy.minimum());
            unusable();
        }
        return reasons.entrySet().stream()
                .map(entry -> new Fate(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void keep(Candidate backup, KeepReason.Rule rule, String text) {
        List<KeepReason> known = reasons.computeIfAbsent(backup, _ -> new ArrayList<>());
        KeepReason reason = new KeepReason(rule, text);
        if (!known.contains(reason)) {
            known.add(reason);
        }
    }

    /** The newest of all, and the newest of those from which recovery can go along each timeline that is alive. */
    private void newest(List<Candidate> counting, int number, KeepReason.Rule rule, String text) {
        List<Candidate> all = newest(counting, number);
        Set<Candidate> chosen = new HashSet<>(all);
        all.stream().findFirst().ifPresent(oldest -> {
            for (Branch branch : alive(counting, oldest.time().minus(GRACE))) {
                chosen.addAll(newest(counting.stream().filter(branch::carries).toList(), number));
            }
        });
        for (Candidate backup : counting) {
            if (chosen.contains(backup)) {
                keep(backup, rule, all.contains(backup) ? text : text + " on a timeline");
            }
        }
    }

    private static List<Candidate> newest(List<Candidate> oldestFirst, int number) {
        return oldestFirst.subList(Math.max(0, oldestFirst.size() - number), oldestFirst.size());
    }

    /** The timelines that are not just the past of another one, and on which something happened since. */
    private List<Branch> alive(List<Candidate> counting, Instant since) {
        return branches.stream()
                .filter(branch ->
                        branches.stream().noneMatch(other -> !other.equals(branch) && branch.goesOnIn(other, counting)))
                .filter(branch -> !endedBefore(
                        since, branch, counting.stream().filter(branch::carries).toList()))
                .toList();
    }

    /** On each timeline that lived within the window: the backup with which it begins, and all later ones. */
    private void window(KeepWindow window, List<Candidate> counting) {
        Instant begin = window.begin(now, policy.zone());
        Set<Candidate> first = new HashSet<>();
        Set<Candidate> later = new HashSet<>();
        for (Branch branch : branches) {
            List<Candidate> on = counting.stream().filter(branch::carries).toList();
            if (endedBefore(begin, branch, on)) {
                continue;
            }
            on.stream()
                    .filter(backup -> !backup.time().isAfter(begin))
                    .max(OLDEST_FIRST)
                    .ifPresent(first::add);
            on.stream().filter(backup -> backup.time().isAfter(begin)).forEach(later::add);
        }
        for (Candidate backup : counting) {
            if (later.contains(backup)) {
                keep(backup, KeepReason.Rule.WINDOW, "in the window of " + window);
            } else if (first.contains(backup)) {
                keep(backup, KeepReason.Rule.WINDOW, "the window of " + window + " begins with it");
            }
        }
    }

    /** Whether nothing happened on a timeline any more when the window began. */
    private static boolean endedBefore(Instant begin, Branch branch, List<Candidate> on) {
        Optional<Instant> newestBackup = on.stream()
                .filter(backup -> backup.timeline().equals(branch.history().timeline()))
                .map(Candidate::time)
                .max(Comparator.naturalOrder());
        if (branch.lastTime().isEmpty() && (branch.newest() >= 0 || newestBackup.isEmpty())) {
            return false;
        }
        return branch.lastTime().filter(time -> !time.isBefore(begin)).isEmpty()
                && newestBackup.filter(time -> !time.isBefore(begin)).isEmpty();
    }

    /** Of all backups, and of those on each timeline that is alive: the last of a day may lie on one that was left. */
    private void calendar(List<Candidate> counting) {
        calendarOf(counting);
        if (!counting.isEmpty()) {
            alive(counting, counting.getLast().time().minus(GRACE))
                    .forEach(branch ->
                            calendarOf(counting.stream().filter(branch::carries).toList()));
        }
    }

    private void calendarOf(List<Candidate> counting) {
        RetentionPolicy.CalendarRules rules = policy.calendar();
        lastOfPeriods(
                counting, rules.days(), "daily", time -> LocalDate.from(time).toString());
        lastOfPeriods(
                counting,
                rules.weeks(),
                "weekly",
                time -> String.format(
                        Locale.ROOT,
                        "%04d-W%02d",
                        time.get(IsoFields.WEEK_BASED_YEAR),
                        time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)));
        lastOfPeriods(
                counting,
                rules.months(),
                "monthly",
                time -> LocalDate.from(time).toString().substring(0, 7));
        lastOfPeriods(counting, rules.years(), "yearly", time -> String.valueOf(time.getYear()));
    }

    private void lastOfPeriods(
            List<Candidate> counting, int number, String word, Function<ZonedDateTime, String> period) {
        Set<String> seen = new HashSet<>();
        for (Candidate backup : counting.reversed()) {
            String name = period.apply(backup.time().atZone(policy.zone()));
            if (seen.size() < number && seen.add(name)) {
                keep(backup, KeepReason.Rule.CALENDAR, word + " " + name);
            }
        }
    }

    /** What cannot be restored satisfies no rule, and goes once it is older than what any instant is recovered from. */
    private void unusable() {
        Optional<Instant> oldest = oldestFirst.stream()
                .filter(backup -> backup.unusable().isEmpty())
                .filter(backup -> new Fate(backup, reasons.getOrDefault(backup, List.of())).keepsLaterWal())
                .map(Candidate::time)
                .min(Comparator.naturalOrder());
        for (Candidate backup : oldestFirst) {
            if (oldest.isEmpty()) {
                keep(backup, KeepReason.Rule.UNUSABLE, "there is no usable backup that begins a recovery window");
            } else if (!backup.unusable().isEmpty() && !backup.time().isBefore(oldest.get())) {
                keep(
                        backup,
                        KeepReason.Rule.UNUSABLE,
                        backup.unusable() + "; goes when the recovery window begins after it");
            }
        }
    }
}
