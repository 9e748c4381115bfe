package org.pgark.physical.change;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.pgark.postgres.Lsn;
import org.pgark.postgres.datadir.Fork;
import org.pgark.postgres.wal.CutSums;
import org.pgark.repository.frame.ByteDecoder;
import org.pgark.repository.frame.ByteEncoder;
import org.pgark.repository.frame.MalformedBytesException;
import org.roaringbitmap.PeekableIntIterator;

/**
 * What the records change that begin and end in one WAL segment, as the archive keeps it beside the segment. There is one
 * only of a segment that is valid to its end and all of whose records tell what they change.
 *
 * @param previous where the record before the first one begins; {@link Lsn#ZERO} if there is none
 * @param last where the last one begins that is not cut off by the segment's end; {@link Lsn#ZERO} if there is none
 * @param cut of the records that the segment's boundaries cut
 * @param changes what they change; not to be changed
 */
public record SegmentChanges(Lsn previous, Lsn last, CutSums cut, ChangeMap changes) {
    private static final int VERSION = 1;

    private static final Comparator<ChangeMap.RelationFork> BY_NUMBERS = Comparator.comparing(
                    ChangeMap.RelationFork::tablespace, Integer::compareUnsigned)
            .thenComparing(ChangeMap.RelationFork::database, Integer::compareUnsigned)
            .thenComparing(ChangeMap.RelationFork::relation, Integer::compareUnsigned)
            .thenComparing(ChangeMap.RelationFork::fork);

    private static final Comparator<ChangeMap.Database> DATABASES = Comparator.comparing(
                    ChangeMap.Database::tablespace, Integer::compareUnsigned)
            .thenComparing(ChangeMap.Database::database, Integer::compareUnsigned);

    /** The form that docs/repository-format.md describes. */
    public byte[] encode() {
        ByteEncoder target = new ByteEncoder(1 << 12);
        target.putByte(VERSION);
        target.putNumber(previous.value());
        target.putNumber(last.value());
        putNumber(target, cut.headLength());
        putNumber(target, cut.head());
        putNumber(target, cut.tail());
        List<ChangeMap.Database> databases = new ArrayList<>(changes.databases());
        databases.sort(DATABASES);
        target.putNumber(databases.size());
        for (ChangeMap.Database database : databases) {
            putNumber(target, database.tablespace());
            putNumber(target, database.database());
        }
        List<Map.Entry<ChangeMap.RelationFork, ChangeMap.Changes>> relations =
                new ArrayList<>(changes.relations().entrySet());
        relations.sort(Map.Entry.comparingByKey(BY_NUMBERS));
        target.putNumber(relations.size());
        for (Map.Entry<ChangeMap.RelationFork, ChangeMap.Changes> relation : relations) {
            putNumber(target, relation.getKey().tablespace());
            putNumber(target, relation.getKey().database());
            putNumber(target, relation.getKey().relation());
            target.putByte(relation.getKey().fork().number());
            target.putNumber(relation.getValue().limit());
            putBlocks(target, relation.getValue());
        }
        return target.toByteArray();
    }

    private static void putNumber(ByteEncoder target, int unsigned) {
        target.putNumber(Integer.toUnsignedLong(unsigned));
    }

    private static void putBlocks(ByteEncoder target, ChangeMap.Changes changes) {
        PeekableIntIterator blocks = changes.blocks().getIntIterator();
        long end = 0;
        while (blocks.hasNext()) {
            long first = Integer.toUnsignedLong(blocks.next());
            long last = first;
            while (blocks.hasNext() && Integer.toUnsignedLong(blocks.peekNext()) == last + 1) {
                last = Integer.toUnsignedLong(blocks.next());
            }
            target.putNumber(last - first + 1);
            target.putNumber(first - end);
            end = last + 1;
        }
        target.putNumber(0);
    }

    /**
     * Turns the form of {@link #encode} back.
     *
     * @throws MalformedBytesException if these bytes are not that form, or of a newer version
     */
    public static SegmentChanges decode(byte[] bytes) throws MalformedBytesException {
        ByteDecoder source = new ByteDecoder(bytes);
        int version = source.takeByte();
        if (version != VERSION) {
            throw new MalformedBytesException("changes of version " + version);
        }
        Lsn previous = new Lsn(source.takeNumber());
        Lsn last = new Lsn(source.takeNumber());
        CutSums cut = new CutSums(takeNumber(source), takeNumber(source), takeNumber(source));
        ChangeMap changes = new ChangeMap();
        for (long left = source.takeNumber(); left > 0; left--) {
            changes.addDatabase(takeNumber(source), takeNumber(source));
        }
        for (long left = source.takeNumber(); left > 0; left--) {
            takeRelation(source, changes);
        }
        source.expectEnd();
        return new SegmentChanges(previous, last, cut, changes);
    }

    private static void takeRelation(ByteDecoder source, ChangeMap changes) throws MalformedBytesException {
        int tablespace = takeNumber(source);
        int database = takeNumber(source);
        int relation = takeNumber(source);
        int fork = source.takeByte();
        if (fork != Fork.MAIN.number() && fork != Fork.INIT.number()) {
            throw new MalformedBytesException("changes of fork " + fork);
        }
        long limit = source.takeNumber();
        if (limit < 0 || limit > ChangeMap.Changes.UNLIMITED) {
            throw new MalformedBytesException("a limit of " + limit + " blocks");
        }
        if (limit < ChangeMap.Changes.UNLIMITED) {
            changes.addLimit(tablespace, database, relation, Fork.ofNumber(fork), (int) limit);
        }
        long end = 0;
        for (long length = source.takeNumber(); length != 0; length = source.takeNumber()) {
            long first = end + source.takeNumber();
            if (first < end || length < 0 || length > ChangeMap.Changes.UNLIMITED - first) {
                throw new MalformedBytesException("changed blocks beyond the last");
            }
            end = first + length;
            changes.addBlocks(tablespace, database, relation, Fork.ofNumber(fork), first, end);
        }
    }

    private static int takeNumber(ByteDecoder source) throws MalformedBytesException {
        long number = source.takeNumber();
        if (number != Integer.toUnsignedLong((int) number)) {
            throw new MalformedBytesException("number " + Long.toUnsignedString(number) + " is too great");
        }
        return (int) number;
    }
}
