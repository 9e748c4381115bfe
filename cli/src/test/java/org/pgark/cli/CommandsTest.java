package org.pgark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandsTest {
    @Test
    void aCommandIsTheSameAloneAsAmongAll() {
        Map<String, CommandLine> all = commandsFor("--help");

        assertThat(all).hasSizeGreaterThan(15);
        for (String name : all.keySet()) {
            CommandLine alone = Objects.requireNonNull(commandsFor(name).get(name));
            assertThat(alone.getUsageMessage()).isEqualTo(all.get(name).getUsageMessage());
            assertThat(alone.getCommandSpec()
                            .userObject()
                            .getClass()
                            .getAnnotation(Command.class)
                            .name())
                    .isEqualTo(name);
        }
    }

    @Test
    void onlyWhatIsNamedIsMade() {
        assertThat(commandsFor("list", "--json").keySet()).isEqualTo(Set.of("list"));
        assertThat(commandsFor("--config", "pgark.toml", "backup").keySet()).isEqualTo(Set.of("backup"));
    }

    @Test
    void whereTheFirstWordMayBeAValueEachCommandThatMayBeMeantIsMade() {
        assertThat(commandsFor("--config", "list", "backup").keySet()).isEqualTo(Set.of("list", "backup"));
    }

    @Test
    void allAreMadeWhereTheCommandIsNotClear() {
        int all = commandsFor("--help").size();

        for (List<String> words : List.of(
                List.<String>of(),
                List.of("bakcup"),
                List.of("bakcup", "list"),
                List.of("--help", "list"),
                List.of("--json", "x", "y", "list"),
                List.of("completion"))) {
            assertThat(commandsFor(words.toArray(String[]::new)))
                    .as(words.toString())
                    .hasSize(all);
        }
    }

    private static Map<String, CommandLine> commandsFor(String... words) {
        Invocation invocation = new Invocation(System.out, System.err, List.of(words));
        CommandLine root = new CommandLine(new PgarkCommand(invocation), new CommandFactory(invocation));
        Commands.addTo(root, List.of(words));
        return root.getSubcommands();
    }
}
