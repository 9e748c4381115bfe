package org.pgark.cli.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a command line as GNU's getopt_long does, with its messages: operands may stand between options, {@code --} ends the
 * options, letters may be clustered and arguments attached, and a long option may be shortened as long as it is clear
 * which one is meant. Options come one by one, so that a program can complain about one before the next is looked at.
 */
public final class OptionReader {
    private final OptionTable table;
    private final List<String> words;
    private final boolean operandEndsOptions;
    private final List<String> operands = new ArrayList<>();
    private int next;
    private String cluster = "";

    /** @param operandEndsOptions whether the first operand ends the options, as POSIXLY_CORRECT asks for */
    OptionReader(OptionTable table, List<String> words, boolean operandEndsOptions) {
        this.table = table;
        this.words = List.copyOf(words);
        this.operandEndsOptions = operandEndsOptions;
    }

    /**
     * The next option, or nothing when all have been read.
     *
     * @throws UsageException if the next word is no option of the table, or lacks its argument, or has one too many
     */
    public Optional<GivenOption> next() throws UsageException {
        if (!cluster.isEmpty()) {
            return Optional.of(nextLetter());
        }
        while (next < words.size()) {
            String word = words.get(next++);
            if (word.equals("--")) {
                takeRest();
            } else if (word.startsWith("--")) {
                return Optional.of(longOption(word.substring(2)));
            } else if (word.startsWith("-") && word.length() > 1) {
                cluster = word.substring(1);
                return Optional.of(nextLetter());
            } else {
                operands.add(word);
                if (operandEndsOptions) {
                    takeRest();
                }
            }
        }
        return Optional.empty();
    }

    /** The words that are no options; complete when {@link #next} has returned nothing. */
    public List<String> operands() {
        return List.copyOf(operands);
    }

    private void takeRest() {
        operands.addAll(words.subList(next, words.size()));
        next = words.size();
    }

    private GivenOption nextLetter() throws UsageException {
        int codePoint = cluster.codePointAt(0);
        String letter = Character.toString(codePoint);
        cluster = cluster.substring(letter.length());
        ShortOption option =
                table.letter(codePoint).orElseThrow(() -> new UsageException("invalid option -- '" + letter + "'"));
        return switch (option.kind()) {
            case NONE -> new GivenOption(option.name(), Optional.empty());
            case OPTIONAL ->
                new GivenOption(option.name(), Optional.of(takeCluster()).filter(text -> !text.isEmpty()));
            case REQUIRED -> {
                if (!cluster.isEmpty()) {
                    yield new GivenOption(option.name(), Optional.of(takeCluster()));
                }
                if (next == words.size()) {
                    throw new UsageException("option requires an argument -- '" + letter + "'");
                }
                yield new GivenOption(option.name(), Optional.of(words.get(next++)));
            }
        };
    }

    private String takeCluster() {
        String rest = cluster;
        cluster = "";
        return rest;
    }

    private GivenOption longOption(String text) throws UsageException {
        int equals = text.indexOf('=');
        String typed = equals < 0 ? text : text.substring(0, equals);
        LongOption option = find(typed, text);
        Optional<String> attached = equals < 0 ? Optional.empty() : Optional.of(text.substring(equals + 1));
        return switch (option.kind()) {
            case NONE -> {
                if (attached.isPresent()) {
                    throw new UsageException("option '--" + option.spelling() + "' doesn't allow an argument");
                }
                yield new GivenOption(option.name(), attached);
            }
            case OPTIONAL -> new GivenOption(option.name(), attached);
            case REQUIRED -> {
                if (attached.isPresent()) {
                    yield new GivenOption(option.name(), attached);
                }
                if (next == words.size()) {
                    throw new UsageException("option '--" + option.spelling() + "' requires an argument");
                }
                yield new GivenOption(option.name(), Optional.of(words.get(next++)));
            }
        };
    }

    private LongOption find(String typed, String text) throws UsageException {
        List<LongOption> possible = new ArrayList<>();
        for (LongOption option : table.longOptions()) {
            if (option.spelling().equals(typed)) {
                return option;
            }
            if (option.abbreviable() && option.spelling().startsWith(typed)) {
                possible.add(option);
            }
        }
        if (possible.isEmpty()) {
            throw new UsageException("unrecognized option '--" + text + "'");
        }
        LongOption first = possible.getFirst();
        List<LongOption> different =
                possible.stream().filter(option -> !option.sameAs(first)).toList();
        if (different.isEmpty()) {
            return first;
        }
        StringBuilder message = new StringBuilder("option '--" + text + "' is ambiguous; possibilities:");
        message.append(" '--").append(first.spelling()).append('\'');
        different.forEach(
                option -> message.append(" '--").append(option.spelling()).append('\''));
        throw new UsageException(message.toString());
    }
}
