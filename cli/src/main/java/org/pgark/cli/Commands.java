package org.pgark.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import picocli.CommandLine;

/**
 * The commands by name, in the order of the help. A run is given only those that its words name, since to make all of them
 * takes longer than most of what they do.
 */
final class Commands {
    private static final String COMPLETION = "completion";

    private static final SequencedMap<String, Class<?>> ALL = all();

    private Commands() {}

    private static SequencedMap<String, Class<?>> all() {
        SequencedMap<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("init", InitCommand.class);
        commands.put("check", CheckCommand.class);
        commands.put("backup", BackupCommand.class);
        commands.put("list", ListCommand.class);
        commands.put("show", ShowCommand.class);
        commands.put("restore", RestoreCommand.class);
        commands.put("standby", StandbyCommand.class);
        commands.put("verify", VerifyCommand.class);
        commands.put("pin", PinCommand.class);
        commands.put("unpin", UnpinCommand.class);
        commands.put("expire", ExpireCommand.class);
        commands.put("delete", DeleteCommand.class);
        commands.put("collect", CollectCommand.class);
        commands.put("copy", CopyCommand.class);
        commands.put("key", KeyCommandGroup.class);
        commands.put("wal", WalCommand.class);
        commands.put("metrics", MetricsCommand.class);
        commands.put("demo", DemoCommand.class);
        commands.put(COMPLETION, CompletionCommand.class);
        commands.put("rehearse", RehearseCommand.class);
        return commands;
    }

    /** Adds to the root those commands that the words can mean; all of them where the words do not make that clear. */
    static void addTo(CommandLine root, List<String> words) {
        boolean clear = namesCommandFirst(words) && !words.contains(COMPLETION);
        for (Map.Entry<String, Class<?>> command : ALL.entrySet()) {
            if (!clear || words.contains(command.getKey())) {
                root.addSubcommand(command.getKey(), command.getValue());
            }
        }
    }

    /** Whether nothing but options, and words that may be the values of options, comes before the first name of a command. */
    private static boolean namesCommandFirst(List<String> words) {
        boolean mayBeValue = false;
        for (String word : words) {
            if (ALL.containsKey(word)) {
                return true;
            }
            if (word.equals("--help") || word.equals("-h")) {
                return false;
            }
            boolean option = word.startsWith("-");
            if (!option && !mayBeValue) {
                return false;
            }
            mayBeValue = option;
        }
        return false;
    }
}
