package org.pgark.storage;

/**
 * The name of an object: one or more parts joined by {@code /}, each of letters, digits, {@code . _ -}, none of them
 * {@code .} or {@code ..}.
 *
 * @param value for example {@code clusters/4f0c/log/0000000000000001}
 */
public record ObjectName(String value) implements Comparable<ObjectName> {
    public ObjectName {
        for (String part : value.split("/", -1)) {
            if (!part.matches("[A-Za-z0-9._-]+") || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException("invalid object name \"" + value + "\"");
            }
        }
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
