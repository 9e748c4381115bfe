package org.pgark.logical.catalog;

/** The order of texts by code points, which is the order of their UTF-8 bytes; String.compareTo() has another for emoji. */
public final class CodePointOrder {
    private CodePointOrder() {}

    public static int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean surrogateA = Character.isSurrogate(a);
                if (surrogateA != Character.isSurrogate(b)) {
                    return surrogateA ? 1 : -1;
                }
                return a - b;
            }
        }
        return left.length() - right.length();
    }
}
