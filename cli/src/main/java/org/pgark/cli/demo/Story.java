package org.pgark.cli.demo;

import org.pgark.cli.output.Output;
import org.pgark.cli.output.Words;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells the demo as numbered chapters, and gathers the same as JSON. */
final class Story {
    private final Output output;
    private final ObjectNode document = Output.object();
    private final ArrayNode chapters = document.putArray("chapters");
    private final long begin = System.nanoTime();
    private int number;

    Story(Output output) {
        this.output = output;
    }

    void chapter(String title) {
        number++;
        output.line("");
        output.line(number + ". " + title);
        chapters.addObject().put("title", title).put("after_seconds", seconds());
    }

    void tell(String sentence) {
        output.line("   " + sentence);
    }

    void command(String line) {
        output.line("   $ " + line);
    }

    /** A line that a command printed. */
    void printed(String line) {
        output.line("     " + line);
    }

    ObjectNode document() {
        return document;
    }

    private double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    void end(String sentence) {
        String span = Words.span(java.time.Duration.ofNanos(System.nanoTime() - begin));
        output.line("");
        output.line(sentence + " (" + span + ")");
        document.put("seconds", seconds());
        output.result(document);
    }
}
