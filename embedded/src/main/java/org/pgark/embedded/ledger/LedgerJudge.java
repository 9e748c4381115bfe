package org.pgark.embedded.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Compares the rows of a restored cluster with the book. */
final class LedgerJudge {
    private enum Duty {
        REQUIRED,
        FORBIDDEN,
        UNDECIDED
    }

    /*
     * Recovery replays a prefix of the WAL. By time it stops before the first commit record whose timestamp is beyond
     * the target. Timestamps are taken before their records are written, so they do not quite ascend in the WAL, and a
     * commit of the right time may stand behind the one that ends recovery. But a commit that was acknowledged by the
     * target was in the WAL by then, and so was everything before it: it is required. One with a timestamp beyond the
     * target is never replayed: it is forbidden. What remains were in flight at the target: at most one for each writer.
     *
     * By position it stops at the first record that begins at or after the target (before or after that record). A
     * commit record begins in [notBefore, notAfter). For an inclusive target inside of a record, the record after it may
     * be a commit that begins exactly at its notBefore; only beyond the next position that anybody saw is it certain
     * that another record came first.
     */

    private final Collection<LedgerEntry> entries;
    private final LedgerBook book;

    LedgerJudge(LedgerBook book) {
        this.book = book;
        this.entries = book.entries();
    }

    LedgerVerdict judge(LedgerTarget target, Set<Long> present, List<String> contradictions) {
        Rule rule = rule(target);
        Set<Long> missing = new TreeSet<>();
        Set<Long> unexpected = new TreeSet<>(present);
        Map<Duty, Integer> counts = new EnumMap<>(Duty.class);
        for (LedgerEntry entry : entries) {
            unexpected.remove(entry.id());
            Duty duty = rule.duty(entry);
            counts.merge(duty, 1, Integer::sum);
            boolean there = present.contains(entry.id());
            if (duty == Duty.REQUIRED && !there) {
                missing.add(entry.id());
            } else if (duty == Duty.FORBIDDEN && there) {
                unexpected.add(entry.id());
            }
        }
        missing.addAll(skipped(present));
        return new LedgerVerdict(
                present.size(),
                counts.getOrDefault(Duty.REQUIRED, 0),
                counts.getOrDefault(Duty.FORBIDDEN, 0),
                counts.getOrDefault(Duty.UNDECIDED, 0),
                new ArrayList<>(missing),
                new ArrayList<>(unexpected),
                contradictions);
    }

    /** Rows that are absent although a row is there that was certainly committed later. */
    private Set<Long> skipped(Set<Long> present) {
        WalPosition reached = new WalPosition(0);
        for (LedgerEntry entry : entries) {
            if (present.contains(entry.id()) && reached.isBefore(entry.notBefore())) {
                reached = entry.notBefore();
            }
        }
        Set<Long> skipped = new HashSet<>();
        for (LedgerEntry entry : entries) {
            boolean earlier = entry.committed() && !reached.isBefore(entry.notAfter());
            if (earlier && !present.contains(entry.id())) {
                skipped.add(entry.id());
            }
        }
        return skipped;
    }

    private Rule rule(LedgerTarget target) {
        return switch (target) {
            case LedgerTarget.AtTime(var time, var inclusive) ->
                entry -> {
                    int acknowledged = entry.acknowledged().compareTo(time);
                    int earliest = entry.earliest().compareTo(time);
                    return duty(
                            inclusive ? acknowledged <= 0 : acknowledged < 0, inclusive ? earliest > 0 : earliest >= 0);
                };
            case LedgerTarget.AtLsn(var position, var inclusive) -> {
                WalPosition beyond = inclusive ? nextSeen(position) : position;
                yield entry -> duty(
                        entry.committed() && entry.notAfter().compareTo(position) <= 0,
                        inclusive
                                ? entry.notBefore().compareTo(beyond) > 0
                                : entry.notBefore().compareTo(beyond) >= 0);
            }
            case LedgerTarget.AtTransaction(var transaction, var inclusive) -> {
                LedgerEntry last = byTransaction(transaction);
                yield entry -> entry.equals(last)
                        ? duty(inclusive, !inclusive)
                        : duty(
                                entry.committed() && entry.notAfter().compareTo(last.notBefore()) <= 0,
                                entry.notBefore().compareTo(last.notAfter()) >= 0);
            }
            case LedgerTarget.AtRestorePoint(var name) -> {
                WalPosition end = book.restorePoint(name)
                        .orElseThrow(() ->
                                new IllegalArgumentException("restore point \"" + name + "\" is not in the ledger"));
                yield entry -> duty(
                        entry.committed() && entry.notAfter().compareTo(end) <= 0,
                        entry.notBefore().compareTo(end) >= 0);
            }
            case LedgerTarget.Latest() -> entry -> duty(entry.committed(), false);
            case LedgerTarget.NotBefore(var position) ->
                entry -> duty(entry.committed() && entry.notAfter().compareTo(position) <= 0, false);
        };
    }

    private static Duty duty(boolean required, boolean forbidden) {
        if (required) {
            return Duty.REQUIRED;
        }
        return forbidden ? Duty.FORBIDDEN : Duty.UNDECIDED;
    }

    /** The lowest position that the load saw at or after {@code position}; a record begins or WAL ended there. */
    private WalPosition nextSeen(WalPosition position) {
        return Stream.concat(
                        book.marks().stream(),
                        entries.stream().flatMap(entry -> Stream.of(entry.notBefore(), entry.notAfter())))
                .filter(seen -> !seen.isBefore(position))
                .min(Comparator.naturalOrder())
                .orElse(WalPosition.UNKNOWN_END);
    }

    private LedgerEntry byTransaction(long transaction) {
        return entries.stream()
                .filter(entry -> entry.transaction() == transaction)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("transaction " + transaction + " is not in the ledger"));
    }

    private interface Rule {
        Duty duty(LedgerEntry entry);
    }
}
