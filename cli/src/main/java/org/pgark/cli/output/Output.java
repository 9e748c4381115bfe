package org.pgark.cli.output;

import java.io.PrintStream;
import org.pgark.storage.RepeatedRequests;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a command prints: its result on standard output, everything else on standard error.
 *
 * @param out standard output
 * @param err standard error
 * @param json whether the user asked for JSON
 */
public record Output(PrintStream out, PrintStream err, boolean json) {
    /** Apart, since making it takes longer than many a command that prints text. */
    private static final class Json {
        static final JsonMapper MAPPER = JsonMapper.builder().build();
    }

    /** One line of the result as text; nothing is printed where JSON was asked for. */
    public void line(String text) {
        if (!json) {
            out.println(text);
        }
    }

    /** A line beside the result, as text on standard error; nothing is printed where JSON was asked for. */
    public void remark(String text) {
        if (!json) {
            err.println(text);
        }
    }

    /** Something that is wrong, or may become so, on standard error; nothing is printed where JSON was asked for. */
    public void warning(String text) {
        remark("pgark: warning: " + text);
    }

    /** An empty JSON object to fill. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The result as one JSON document on a line of its own; nothing is printed where text was asked for. */
    public void result(ObjectNode document) {
        if (json) {
            if (RepeatedRequests.count() > 0) {
                document.put("repeated_requests", RepeatedRequests.count());
            }
            out.println(Json.MAPPER.writeValueAsString(document));
        }
    }

    /** An error with its hint, in the form that was asked for, on standard error. */
    public void error(String code, String message, String hint) {
        if (json) {
            ObjectNode document = object();
            ObjectNode error = document.putObject("error");
            error.put("code", code);
            error.put("message", message);
            if (hint.isEmpty()) {
                error.putNull("hint");
            } else {
                error.put("hint", hint);
            }
            err.println(Json.MAPPER.writeValueAsString(document));
            return;
        }
        err.println("pgark: error: " + message);
        if (!hint.isEmpty()) {
            err.println("HINT: " + hint);
        }
    }
}
