package org.pgark.embedded.ledger;

import java.util.List;
import java.util.Objects;

/**
 * What the ledger says of a restored cluster.
 *
 * @param present how many rows are there
 * @param required how many rows had to be there
 * @param forbidden how many rows had to be absent
 * @param undecided how many rows may be there or not, since their commit overlaps the target
 * @param missing ids of rows that should be there and are not
 * @param unexpected ids of rows that are there and should not be
 * @param contradictions what is wrong inside of the restored tables, in sentences
 */
public record LedgerVerdict(
        int present,
        int required,
        int forbidden,
        int undecided,
        List<Long> missing,
        List<Long> unexpected,
        List<String> contradictions) {
    private static final int NAMED_AT_MOST = 10;

    public LedgerVerdict {
        missing = List.copyOf(Objects.requireNonNull(missing, "missing is null"));
        unexpected = List.copyOf(Objects.requireNonNull(unexpected, "unexpected is null"));
        contradictions = List.copyOf(Objects.requireNonNull(contradictions, "contradictions is null"));
    }

    /** Whether the restored state is right. */
    public boolean correct() {
        return missing.isEmpty() && unexpected.isEmpty() && contradictions.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(correct() ? "correct: " : "wrong: ").append(present).append(" rows present, ");
        text.append(required).append(" required, ").append(forbidden).append(" forbidden, ");
        text.append(undecided).append(" undecided");
        append(text, "missing", missing);
        append(text, "unexpected", unexpected);
        append(text, "contradictions", contradictions);
        return text.toString();
    }

    private static void append(StringBuilder text, String title, List<?> items) {
        if (!items.isEmpty()) {
            text.append("; ").append(title).append(" (").append(items.size()).append("): ");
            text.append(items.subList(0, Math.min(NAMED_AT_MOST, items.size())));
        }
    }
}
