package org.pgark.postgres.wire;

import java.text.Normalizer;

/**
 * SASLprep (RFC 4013) of passwords: spaces of other scripts become the plain one, what is mapped to nothing goes, the rest
 * is put in the form NFKC. A password with forbidden characters is taken as it is, as PostgreSQL does.
 */
final class SaslPreparation {
    private SaslPreparation() {}

    static String prepare(String password) {
        StringBuilder mapped = new StringBuilder();
        boolean plain = true;
        for (int index = 0; index < password.length(); ) {
            int character = password.codePointAt(index);
            index += Character.charCount(character);
            plain &= character >= ' ' && character < 127;
            if (Character.getType(character) == Character.SPACE_SEPARATOR || character == 0x200B) {
                mapped.append(' ');
            } else if (!isMappedToNothing(character)) {
                mapped.appendCodePoint(character);
            }
        }
        if (plain) {
            return password;
        }
        String normalized = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        return normalized.isEmpty() || normalized.codePoints().anyMatch(SaslPreparation::isForbidden)
                ? password
                : normalized;
    }

    private static boolean isMappedToNothing(int character) {
        return character == 0xAD
                || character == 0x34F
                || character == 0x1806
                || (character >= 0x180B && character <= 0x180D)
                || (character >= 0x200C && character <= 0x200D)
                || character == 0x2060
                || (character >= 0xFE00 && character <= 0xFE0F)
                || character == 0xFEFF;
    }

    private static boolean isForbidden(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            case Character.FORMAT -> character != 0x6DD && character != 0x70F;
            default -> (character >= 0xFFF9 && character <= 0xFFFD) || (character >= 0x2FF0 && character <= 0x2FFB);
        };
    }
}
