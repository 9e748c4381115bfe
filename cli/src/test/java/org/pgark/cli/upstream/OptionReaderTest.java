package org.pgark.cli.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionReaderTest {
    private static final OptionTable TABLE = OptionTable.builder()
            .flag('a', "data-only")
            .flag('b', "large-objects")
            .alias("blobs", "large-objects")
            .flag('B', "no-large-objects")
            .value('d', "dbname")
            .value('Z', "compress")
            .ownValue("compat")
            .flag("no-sync")
            .flag("no-slot")
            .flag('x')
            .value('D')
            .optionalValue("check")
            .build();

    @Test
    void readsLettersClustersAndAttachedArguments() throws UsageException {
        assertThat(read("-ab", "-dpostgres", "-D", "folder", "-xZ9"))
                .containsExactly("data-only", "large-objects", "dbname=postgres", "D=folder", "x", "compress=9");
    }

    @Test
    void readsLongOptionsAbbreviatedAndWithArguments() throws UsageException {
        assertThat(read(
                        "--data",
                        "--dbname",
                        "one",
                        "--dbn=two=three",
                        "--dbname=",
                        "--blobs",
                        "--check",
                        "--check=yes"))
                .containsExactly(
                        "data-only",
                        "dbname=one",
                        "dbname=two=three",
                        "dbname=",
                        "large-objects",
                        "check",
                        "check=yes");
    }

    @Test
    void anArgumentMayLookLikeAnOption() throws UsageException {
        assertThat(read("-d", "--data-only", "--compress", "-x")).containsExactly("dbname=--data-only", "compress=-x");
    }

    @Test
    void operandsMayStandAnywhere() throws UsageException {
        assertThat(read("one", "-a", "-", "--", "-b", "--foo"))
                .containsExactly("data-only", ":one", ":-", ":-b", ":--foo");
    }

    @Test
    void theFirstOperandEndsTheOptionsWherePosixIsAskedFor() throws UsageException {
        OptionReader reader = new OptionReader(TABLE, List.of("-a", "one", "-b"), true);
        assertThat(reader.next()).contains(new GivenOption("data-only", Optional.empty()));
        assertThat(reader.next()).isEmpty();
        assertThat(reader.operands()).containsExactly("one", "-b");
    }

    @Test
    void ownOptionsLeaveTheAbbreviationsAlone() throws UsageException {
        assertThat(read("--comp=9", "--compat=15")).containsExactly("compress=9", "compat=15");
        refuses("unrecognized option '--compa=15'", "--compa=15");
    }

    @Test
    void complainsInGnusWords() {
        refuses("unrecognized option '--not-a-valid-option'", "--not-a-valid-option");
        refuses("unrecognized option '--foo=bar'", "--foo=bar");
        refuses("invalid option -- 'q'", "-aq");
        refuses("option requires an argument -- 'd'", "-ad");
        refuses("option '--dbname' requires an argument", "--dbn");
        refuses("option '--data-only' doesn't allow an argument", "--data=1");
        refuses("option '--no-s=1' is ambiguous; possibilities: '--no-sync' '--no-slot'", "--no-s=1");
        refuses("option '--no' is ambiguous; possibilities: '--no-large-objects' '--no-sync' '--no-slot'", "--no");
    }

    private static void refuses(String message, String... words) {
        assertThatThrownBy(() -> read(words)).isInstanceOf(UsageException.class).hasMessage(message);
    }

    private static List<String> read(String... words) throws UsageException {
        OptionReader reader = new OptionReader(TABLE, List.of(words), false);
        List<String> seen = new ArrayList<>();
        for (Optional<GivenOption> option = reader.next(); option.isPresent(); option = reader.next()) {
            GivenOption given = option.get();
            seen.add(given.name() + given.argument().map(text -> "=" + text).orElse(""));
        }
        reader.operands().forEach(operand -> seen.add(":" + operand));
        return seen;
    }
}
