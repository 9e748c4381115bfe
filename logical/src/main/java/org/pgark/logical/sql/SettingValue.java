package org.pgark.logical.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.pgark.logical.catalog.SqlWords;

/** The value of a server's setting as SET takes it. */
public final class SettingValue {
    /** Settings whose value is a list of quoted names (GUC_LIST_QUOTE), which must not become one text. */
    private static final Set<String> LISTS = Set.of(
            "local_preload_libraries",
            "oauth_validator_libraries",
            "output_plugin_libraries",
            "search_path",
            "session_preload_libraries",
            "shared_preload_libraries",
            "temp_tablespaces",
            "unix_socket_directories");

    private SettingValue() {}

    /** The value as text, or as several texts where the setting is a list. */
    public static String sql(SqlWords words, String setting, String value) {
        if (!LISTS.contains(setting.toLowerCase(Locale.ROOT))) {
            return words.literal(value);
        }
        return String.join(", ", split(value).stream().map(words::literal).toList());
    }

    /** The names of a list; a text that is no list is none. */
    private static List<String> split(String value) {
        List<String> names = new ArrayList<>();
        int at = skipSpace(value, 0);
        while (at < value.length()) {
            StringBuilder name = new StringBuilder();
            if (value.charAt(at) == '"') {
                at++;
                while (at < value.length() && !(value.charAt(at) == '"' && !isQuote(value, at + 1))) {
                    at += value.charAt(at) == '"' ? 1 : 0;
                    name.append(value.charAt(at++));
                }
                if (at >= value.length()) {
                    return List.of();
                }
                at++;
            } else {
                while (at < value.length() && value.charAt(at) != ',' && !isSpace(value.charAt(at))) {
                    name.append(value.charAt(at++));
                }
                if (name.isEmpty()) {
                    return List.of();
                }
            }
            names.add(name.toString());
            at = skipSpace(value, at);
            if (at < value.length()) {
                if (value.charAt(at) != ',') {
                    return List.of();
                }
                at = skipSpace(value, at + 1);
                if (at >= value.length()) {
                    return List.of();
                }
            }
        }
        return names;
    }

    private static boolean isQuote(String value, int at) {
        return at < value.length() && value.charAt(at) == '"';
    }

    private static int skipSpace(String value, int from) {
        int at = from;
        while (at < value.length() && isSpace(value.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(char letter) {
        return letter == ' ' || (letter >= '\t' && letter <= '\r');
    }
}
