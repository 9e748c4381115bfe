package org.pgark.logical.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Writes settings that the catalogues keep as {@code name=value} (proconfig, setconfig) into SQL. */
public final class SettingSql {
    /** Settings that are lists of names: quoted as one text, the whole list would be one name. */
    private static final Set<String> LISTS = Set.of(
            "local_preload_libraries",
            "oauth_validator_libraries",
            "output_plugin_libraries",
            "search_path",
            "session_preload_libraries",
            "shared_preload_libraries",
            "temp_tablespaces",
            "unix_socket_directories");

    private SettingSql() {}

    /** {@code SET name TO value} of a function; absent where the text is no setting. */
    public static Optional<String> ofFunction(String setting, SqlWords words) {
        return set(setting, words, words::literal);
    }

    /** {@code SET name TO value} of a database or a role; absent where the text is no setting. */
    public static Optional<String> ofDatabaseOrRole(String setting, SqlWords words) {
        return set(setting, words, words::markedLiteral);
    }

    private static Optional<String> set(String setting, SqlWords words, UnaryOperator<String> literal) {
        int equals = setting.indexOf('=');
        if (equals < 0) {
            return Optional.empty();
        }
        String name = setting.substring(0, equals);
        String value = setting.substring(equals + 1);
        String written = LISTS.contains(name.toLowerCase(Locale.ROOT))
                ? split(value).stream().map(literal).collect(Collectors.joining(", "))
                : literal.apply(value);
        return Optional.of("SET " + words.quote(name) + " TO " + written);
    }

    /** Names of a list, some of them in double quotes; what is no list gives nothing. */
    private static List<String> split(String list) {
        List<String> names = new ArrayList<>();
        int at = 0;
        while (at < list.length()) {
            StringBuilder name = new StringBuilder();
            while (at < list.length() && Character.isWhitespace(list.charAt(at))) {
                at++;
            }
            if (at < list.length() && list.charAt(at) == '"') {
                at++;
                while (at < list.length() && (list.charAt(at) != '"' || list.startsWith("\"\"", at))) {
                    at += list.charAt(at) == '"' ? 1 : 0;
                    name.append(list.charAt(at++));
                }
                at++;
            } else {
                while (at < list.length() && list.charAt(at) != ',') {
                    name.append(list.charAt(at++));
                }
            }
            names.add(name.toString().stripTrailing());
            while (at < list.length() && list.charAt(at) != ',') {
                at++;
            }
            at++;
        }
        return names;
    }
}
