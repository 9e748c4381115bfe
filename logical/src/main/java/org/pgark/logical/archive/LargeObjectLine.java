package org.pgark.logical.archive;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a list of large objects.
 *
 * @param oid the object
 * @param file the file with its content
 */
record LargeObjectLine(long oid, String file) {
    private static final Pattern FORM = Pattern.compile("\\s*([0-9]{1,10})\\s+(\\S+)\\s*");

    static LargeObjectLine parse(String line, String list) throws ArchiveException {
        Matcher matcher = FORM.matcher(line);
        if (!matcher.matches()) {
            throw new ArchiveException("invalid line in large object TOC file \"" + list + "\": \"" + line + "\"");
        }
        return new LargeObjectLine(Long.parseLong(matcher.group(1)), matcher.group(2));
    }

    static String fileName(long oid) {
        return "blob_" + oid + ".dat";
    }

    static String of(long oid) {
        return oid + " " + fileName(oid) + "\n";
    }
}
