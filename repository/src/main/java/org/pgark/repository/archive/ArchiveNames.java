package org.pgark.repository.archive;

import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import org.pgark.postgres.Timeline;
import org.pgark.postgres.wal.WalFileName;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.storage.ObjectName;

/**
 * Where the archive keeps what: {@code <timeline>/<upper half of the LSN>/<file>} for what belongs to a segment, {@code
 * <timeline>/<file>} for a history file. A {@code .partial} file has sixteen digits that tell its content behind its
 * name, since two servers may each leave one of the same name. What stands in for a damaged object that is locked is {@code
 * mended/<its last part>.<number>}.
 */
final class ArchiveNames {
    private static final int PARTIAL_DIGITS = 16;
    private static final String PIECE = ".piece";
    private static final String MENDED = "mended";

    private final ObjectName folder;

    ArchiveNames(ObjectName folder) {
        this.folder = folder;
    }

    ObjectName folder() {
        return folder;
    }

    ObjectName timeline(Timeline timeline) {
        return folder.child(timeline.toHex());
    }

    private ObjectName besideSegment(WalSegmentName segment) {
        return timeline(segment.timeline()).child(HexFormat.of().withUpperCase().toHexDigits(segment.logId()));
    }

    /** The folder of a file's object. */
    ObjectName folderOf(WalFileName name) {
        return switch (name) {
            case WalFileName.Segment(WalSegmentName segment) -> besideSegment(segment);
            case WalFileName.Partial(WalSegmentName segment) -> besideSegment(segment);
            case WalFileName.BackupHistory history -> besideSegment(history.name());
            case WalFileName.History(Timeline timeline) -> timeline(timeline);
        };
    }

    /** The object of a file that is no {@code .partial} one. */
    ObjectName of(WalFileName name) {
        return folderOf(name).child(name.toString());
    }

    /**
     * The object of a {@code .partial} file.
     *
     * @param digits sixteen, which tell its content from another
     */
    ObjectName ofPartial(WalFileName.Partial name, String digits) {
        return folderOf(name).child(name + "." + digits);
    }

    /** The folder of what stands in for objects that are damaged and cannot be removed. */
    ObjectName mended() {
        return folder.child(MENDED);
    }

    /** What stands in for an object: the one with this number, from 1 on. */
    ObjectName ofMended(ObjectName object, int number) {
        return mended().child(object.lastPart() + "." + number);
    }

    /** The number of what stands in for an object; empty if it is another object. */
    static OptionalInt mendedNumber(ObjectName mended, ObjectName object) {
        String text = mended.lastPart();
        String begin = object.lastPart() + ".";
        return text.startsWith(begin) && text.substring(begin.length()).matches("[1-9][0-9]{0,3}")
                ? OptionalInt.of(Integer.parseInt(text, begin.length(), text.length(), 10))
                : OptionalInt.empty();
    }

    /** The file that an object in {@link #mended} holds; empty if it is none of the archive's. */
    static Optional<WalFileName> parseMended(ObjectName mended) {
        String text = mended.lastPart();
        int dot = text.lastIndexOf('.');
        return dot > 0 && text.substring(dot + 1).matches("[1-9][0-9]{0,3}")
                ? parse(new ObjectName(text.substring(0, dot)))
                : Optional.empty();
    }

    /** The object of the piece of a running segment that begins at {@code from}. */
    ObjectName ofPiece(WalSegmentName segment, int from) {
        return besideSegment(segment).child(segment + "." + HexFormat.of().toHexDigits(from) + PIECE);
    }

    /** The object that stands for all pieces between two offsets. */
    ObjectName ofJoinedPieces(WalSegmentName segment, int from, int to) {
        return besideSegment(segment)
                .child(segment + "." + HexFormat.of().toHexDigits(from) + "-"
                        + HexFormat.of().toHexDigits(to) + PIECE);
    }

    /** The running segment that an object holds a piece of, or several; empty if it holds none. */
    static Optional<WalSegmentName> pieceOf(ObjectName object) {
        String text = object.lastPart();
        return text.matches("[0-9A-F]{24}\\.[0-9a-f]{8}(-[0-9a-f]{8})?\\.piece")
                        && WalSegmentName.isName(text.substring(0, 24))
                ? Optional.of(WalSegmentName.parse(text.substring(0, 24)))
                : Optional.empty();
    }

    /** The file that an object holds; empty if it is none of the archive's. */
    static Optional<WalFileName> parse(ObjectName object) {
        String text = object.lastPart();
        String name = text.matches("[0-9A-F]{24}\\.partial\\.[0-9a-f]{16}")
                ? text.substring(0, text.length() - PARTIAL_DIGITS - 1)
                : text;
        try {
            return Optional.of(WalFileName.parse(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
