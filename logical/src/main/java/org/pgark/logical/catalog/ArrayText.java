package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.List;

/** Reads the text of one-dimensional arrays and of vectors. */
public final class ArrayText {
    private ArrayText() {}

    /** Elements of {@code {a,"b,c",NULL}}; NULL becomes "". */
    public static List<String> elements(String text) {
        List<String> elements = new ArrayList<>();
        if (text.isEmpty()) {
            return elements;
        }
        if (text.charAt(0) != '{' || text.charAt(text.length() - 1) != '}') {
            throw new DumpException("could not parse array \"" + text + "\"");
        }
        int at = 1;
        int end = text.length() - 1;
        while (at < end) {
            StringBuilder element = new StringBuilder();
            if (text.charAt(at) == '"') {
                at++;
                while (text.charAt(at) != '"') {
                    if (text.charAt(at) == '\\') {
                        at++;
                    }
                    element.append(text.charAt(at++));
                }
                at++;
                elements.add(element.toString());
            } else {
                while (at < end && text.charAt(at) != ',') {
                    if (text.charAt(at) == '\\') {
                        at++;
                    }
                    element.append(text.charAt(at++));
                }
                elements.add(element.toString().equals("NULL") ? "" : element.toString());
            }
            at++;
        }
        return elements;
    }

    static List<Long> numbers(String text) {
        List<Long> numbers = new ArrayList<>();
        int end = text.endsWith("}") ? text.length() - 1 : text.length();
        int start = text.startsWith("{") ? 1 : 0;
        for (int at = start; at <= end; at++) {
            if (at == end || text.charAt(at) == ' ' || text.charAt(at) == ',') {
                if (at > start) {
                    numbers.add(Long.parseLong(text, start, at, 10));
                }
                start = at + 1;
            }
        }
        return numbers;
    }
}
