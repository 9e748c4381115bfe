package org.pgark.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.pgark.testkit.GcsPermissions;

/** What docs/stores.md says that each role needs: a table of the roles below the heading of a store. */
final class DocumentedPermissions {
    private static final Pattern PERMISSION = Pattern.compile("`(storage\\.[A-Za-z.]+)`");
    private static final Pattern SIGNED = Pattern.compile("`sp=([a-z]+)`");
    private static final Pattern CONDITION =
            Pattern.compile("resource\\.name\\.(startsWith|endsWith)\\(\"([^\"]+)\"\\)");

    private DocumentedPermissions() {}

    private static List<String> section(String heading) throws IOException {
        Path docs = Path.of(System.getProperty("pgark.home")).resolve("../../../docs/stores.md");
        List<String> lines = Files.readAllLines(docs);
        int begin = lines.indexOf("## " + heading);
        int end = begin + 1;
        while (end < lines.size() && !lines.get(end).startsWith("## ")) {
            end++;
        }
        return lines.subList(begin, end);
    }

    private static String[] row(List<String> section, String role) {
        return section.stream()
                .filter(line -> line.startsWith("| " + role + " |"))
                .findFirst()
                .orElseThrow()
                .split("\\|", -1);
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        pattern.matcher(text).results().forEach(match -> found.add(match.group(1)));
        return found;
    }

    /** The permissions in Google Cloud Storage; the writer also removes what the condition there names. */
    static GcsPermissions ofGoogle(String role, boolean locks) throws IOException {
        List<String> section = section("Google Cloud Storage");
        String[] cells = row(section, role);
        Set<String> permissions = all(PERMISSION, cells[2]);
        if (locks) {
            permissions.addAll(all(PERMISSION, cells[3]));
        }
        List<GcsPermissions.Binding> bindings =
                new ArrayList<>(List.of(new GcsPermissions.Binding(permissions, List.of(), List.of())));
        if (role.equals("writer")) {
            List<MatchResult> conditions =
                    CONDITION.matcher(String.join("\n", section)).results().toList();
            bindings.add(new GcsPermissions.Binding(
                    Set.of("storage.objects.delete"), texts(conditions, "startsWith"), texts(conditions, "endsWith")));
        }
        return new GcsPermissions(bindings);
    }

    private static List<String> texts(List<MatchResult> conditions, String function) {
        return conditions.stream()
                .filter(condition -> condition.group(1).equals(function))
                .map(condition -> condition.group(2))
                .toList();
    }

    /** The letters of a signature for a container of Azure Blob Storage, without locks. */
    static String ofAzure(String role) throws IOException {
        return all(SIGNED, row(section("Azure Blob Storage"), role)[2])
                .iterator()
                .next();
    }
}
