package org.pgark.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgark.cli.output.Words;
import org.pgark.repository.BackupRecord;
import org.pgark.repository.care.BackupCheck;
import org.pgark.repository.care.Care;
import org.pgark.repository.care.Hold;
import org.pgark.repository.care.Replay;
import tools.jackson.databind.node.ObjectNode;

/** What is known of a backup beyond that it exists, in words and as JSON. */
final class BackupState {
    private final BackupRecord backup;
    private final Optional<Hold> hold;
    private final Optional<BackupCheck> check;
    private final Optional<String> damage;
    private final Optional<Replay> replay;
    private final double share;
    private final Optional<Instant> verified;

    /** @param share which share of all objects samples have read since it existed */
    BackupState(BackupRecord backup, Care care, double share) {
        this.backup = backup;
        this.hold = Optional.ofNullable(care.holds().get(backup.id().value()));
        this.check = Optional.ofNullable(care.checks().get(backup.id().value()));
        this.damage = backup.damageIn(care);
        this.replay = Optional.ofNullable(care.replays().get(backup.id().value()))
                .filter(found -> found.until().isAfter(Instant.now()));
        this.share = share;
        Optional<Instant> bySamples = share >= 1 ? care.ring().wholeSince() : Optional.empty();
        Optional<Instant> whole = check.filter(BackupCheck::sound).map(BackupCheck::time);
        this.verified = bySamples
                .filter(time -> whole.isEmpty() || time.isAfter(whole.get()))
                .or(() -> whole);
    }

    /** When it was read back whole, or how much of it was. */
    String verified() {
        if (damage.isPresent()) {
            return "DAMAGED";
        }
        if (verified.isPresent()) {
            return verified.get().atZone(ZoneId.systemDefault()).toLocalDate().toString();
        }
        return share > 0 ? String.format(Locale.ROOT, "%d %%", (int) (share * 100)) : "-";
    }

    /** How much of it was read back since it existed, 0 to 1. */
    double verifiedShare() {
        return check.isPresent() && check.get().sound() ? 1 : share;
    }

    /** What else is to be said. */
    String remarks() {
        String pages = backup.size().damagedPages() == 0
                ? ""
                : Words.count(backup.size().damagedPages(), "damaged page");
        String held = hold.map(found -> (found.archival() ? "archival" : "pinned")
                        + found.until()
                                .map(until -> " until "
                                        + until.atZone(ZoneId.systemDefault()).toLocalDate())
                                .orElse(""))
                .orElse("");
        String recovering = replay.map(found -> "restored, stays until " + Words.instant(found.until()))
                .orElse("");
        return Stream.of(pages, held, recovering)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    /** Adds to a backup's JSON. */
    void addTo(ObjectNode json) {
        verified.ifPresent(time -> json.put("verified", time.toString()));
        json.put("verified_share", verifiedShare());
        json.put("damage_found", damage.orElse(""));
        replay.ifPresent(found -> json.putObject("restored")
                .put("place", found.place())
                .put("stays_until", found.until().toString()));
        hold.ifPresent(found -> {
            ObjectNode pin = json.putObject("pin");
            pin.put("archival", found.archival()).put("reason", found.reason());
            found.until().ifPresent(until -> pin.put("until", until.toString()));
        });
    }
}
