package org.pgark.postgres.connection;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code postgresql://user:password@host:port,host:port/database?keyword=value&...}. Every part may be missing and
 * may be percent-encoded; a host may be an IPv6 address in brackets or a percent-encoded socket folder. No message
 * repeats the URI, since it may hold a password.
 */
final class ConnectionUri {
    private final Map<ConnectionOption, String> options = new EnumMap<>(ConnectionOption.class);

    private ConnectionUri() {}

    static boolean isUri(String text) {
        return text.startsWith("postgresql://") || text.startsWith("postgres://");
    }

    static Map<ConnectionOption, String> parse(String text) throws InvalidConnectionSettingsException {
        ConnectionUri uri = new ConnectionUri();
        String rest = text.substring(text.indexOf("://") + 3);
        int at = indexOfAny(rest, 0, "@/");
        if (at < rest.length() && rest.charAt(at) == '@') {
            uri.readUser(rest.substring(0, at));
            rest = rest.substring(at + 1);
        }
        int end = uri.readHosts(rest);
        if (end < rest.length() && rest.charAt(end) == '/') {
            int question = indexOfAny(rest, end, "?");
            uri.store(ConnectionOption.DBNAME, rest.substring(end + 1, question));
            end = question;
        }
        if (end < rest.length()) {
            uri.readParameters(rest.substring(end + 1));
        }
        return uri.options;
    }

    private void readUser(String text) throws InvalidConnectionSettingsException {
        int colon = indexOfAny(text, 0, ":");
        store(ConnectionOption.USER, text.substring(0, colon));
        if (colon < text.length()) {
            store(ConnectionOption.PASSWORD, text.substring(colon + 1));
        }
    }

    /** Returns where the hosts end: at a slash, a question mark or the end of the text. */
    private int readHosts(String text) throws InvalidConnectionSettingsException {
        List<String> hosts = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        int position = 0;
        while (true) {
            int end;
            if (text.startsWith("[", position)) {
                int bracket = text.indexOf(']', position);
                if (bracket < 0) {
                    throw new InvalidConnectionSettingsException(
                            "end of string reached when looking for matching \"]\" in IPv6 host address in URI");
                }
                if (bracket == position + 1) {
                    throw new InvalidConnectionSettingsException("IPv6 host address may not be empty in URI");
                }
                hosts.add(text.substring(position + 1, bracket));
                end = bracket + 1;
                if (end < text.length() && ":/?,".indexOf(text.charAt(end)) < 0) {
                    throw new InvalidConnectionSettingsException("unexpected character \"" + text.charAt(end)
                            + "\" after the IPv6 host address in URI, must be \":\" or \"/\"");
                }
            } else {
                end = indexOfAny(text, position, ":/?,");
                hosts.add(text.substring(position, end));
            }
            int portEnd = end;
            if (end < text.length() && text.charAt(end) == ':') {
                portEnd = indexOfAny(text, end, "/?,");
            }
            ports.add(end == portEnd ? "" : text.substring(end + 1, portEnd));
            if (portEnd == text.length() || text.charAt(portEnd) != ',') {
                store(ConnectionOption.HOST, String.join(",", hosts));
                store(ConnectionOption.PORT, String.join(",", ports));
                return portEnd;
            }
            position = portEnd + 1;
        }
    }

    private void readParameters(String text) throws InvalidConnectionSettingsException {
        if (text.isEmpty()) {
            return;
        }
        for (String parameter : text.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String keyword = decode(equals < 0 ? parameter : parameter.substring(0, equals), "parameter");
            if (equals < 0) {
                throw new InvalidConnectionSettingsException(
                        "missing key/value separator \"=\" in URI query parameter: \"" + keyword + "\"");
            }
            if (parameter.indexOf('=', equals + 1) >= 0) {
                throw new InvalidConnectionSettingsException(
                        "extra key/value separator \"=\" in URI query parameter: \"" + keyword + "\"");
            }
            String value = decode(parameter.substring(equals + 1), keyword);
            if (keyword.equals("ssl") && value.equals("true")) {
                options.put(ConnectionOption.SSLMODE, "require");
            } else {
                ConnectionOption option = ConnectionOption.find(keyword)
                        .orElseThrow(() -> new InvalidConnectionSettingsException(
                                "invalid URI query parameter: \"" + keyword + "\""));
                options.put(option, value);
            }
        }
    }

    /** An empty part is as good as none; a lone comma is not empty, since it stands for two servers. */
    private void store(ConnectionOption option, String encoded) throws InvalidConnectionSettingsException {
        if (!encoded.isEmpty()) {
            options.put(option, decode(encoded, option.keyword()));
        }
    }

    private static String decode(String encoded, String part) throws InvalidConnectionSettingsException {
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        byte[] source = encoded.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int index = 0; index < source.length; index++) {
            if (source[index] != '%') {
                bytes.write(source[index]);
                continue;
            }
            int high = index + 2 < source.length ? Character.digit(source[index + 1], 16) : -1;
            int low = index + 2 < source.length ? Character.digit(source[index + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new InvalidConnectionSettingsException(
                        "invalid percent-encoded token in the URI's " + part,
                        "Write a percent sign that stands for itself as %25.");
            }
            if (high + low == 0) {
                throw new InvalidConnectionSettingsException(
                        "forbidden value %00 in percent-encoded value in the URI's " + part);
            }
            bytes.write(high << 4 | low);
            index += 2;
        }
        return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static int indexOfAny(String text, int from, String characters) {
        int index = from;
        while (index < text.length() && characters.indexOf(text.charAt(index)) < 0) {
            index++;
        }
        return index;
    }
}
