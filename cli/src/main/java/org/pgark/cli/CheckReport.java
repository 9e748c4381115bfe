package org.pgark.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pgark.cli.output.Output;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The lines of {@code pgark check}, each printed as soon as it is known. */
final class CheckReport {
    private final Output output;
    private final List<Line> lines = new ArrayList<>();

    CheckReport(Output output) {
        this.output = output;
    }

    /** How one precondition stands. */
    enum State {
        OK,
        WARNING,
        FAILED
    }

    private record Line(String name, State state, String text, String hint) {}

    void ok(String name, String text) {
        add(new Line(name, State.OK, text, ""));
    }

    void warning(String name, String text, String hint) {
        add(new Line(name, State.WARNING, text, hint));
    }

    void failed(String name, String text, String hint) {
        add(new Line(name, State.FAILED, text, hint));
    }

    private void add(Line line) {
        lines.add(line);
        output.line(String.format(
                Locale.ROOT, "%-8s %-18s %s", line.state().name().toLowerCase(Locale.ROOT), line.name(), line.text()));
        if (!line.hint().isEmpty()) {
            output.line("         HINT: " + line.hint());
        }
    }

    boolean passed() {
        return lines.stream().noneMatch(line -> line.state() == State.FAILED);
    }

    ObjectNode json(String cluster) {
        ObjectNode document = Output.object().put("cluster", cluster);
        document.setAll(json());
        return document;
    }

    ObjectNode json() {
        ObjectNode document = Output.object().put("passed", passed());
        ArrayNode checks = document.putArray("checks");
        for (Line line : lines) {
            ObjectNode json = checks.addObject()
                    .put("name", line.name())
                    .put("state", line.state().name().toLowerCase(Locale.ROOT))
                    .put("text", line.text());
            if (!line.hint().isEmpty()) {
                json.put("hint", line.hint());
            }
        }
        return document;
    }
}
