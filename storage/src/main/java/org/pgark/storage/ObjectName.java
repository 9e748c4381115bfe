package org.pgark.storage;

/**
 * The name of an object: one or more parts joined by {@code /}, each of letters, digits, {@code . _ -}, none of them
 * {@code .} or {@code ..}.
 *
 * @param value for example {@code clusters/4f0c/log/0000000000000001}
 */
public record ObjectName(String value) implements Comparable<ObjectName> {
    public ObjectName {
        if (!isName(value)) {
            throw new IllegalArgumentException("invalid object name \"" + value + "\"");
        }
    }

    /** Whether the text has the form of a name. */
    public static boolean isName(String text) {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '/';
            if (c == '/') {
                int length = i - start;
                boolean dots = length <= 2 && text.startsWith("..".substring(0, length), start);
                if (dots) {
                    return false;
                }
                start = i + 1;
            } else if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && "._-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The name with a further part. */
    public ObjectName child(String part) {
        return new ObjectName(value + "/" + part);
    }

    /** The last part. */
    public String lastPart() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    @Override
    public int compareTo(ObjectName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
