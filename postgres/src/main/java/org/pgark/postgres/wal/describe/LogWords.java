package org.pgark.postgres.wal.describe;

import org.pgark.postgres.PostgresMajor;
import org.pgark.postgres.wal.RecordPart;
import org.pgark.postgres.wal.WalRecord;

/** XLOG: checkpoints, settings, restore points. */
final class LogWords implements RecordWords {
    private static final int CHECKPOINT_SHUTDOWN = 0x00;
    private static final int CHECKPOINT_ONLINE = 0x10;
    private static final int NEXTOID = 0x30;
    private static final int BACKUP_END = 0x50;
    private static final int PARAMETER_CHANGE = 0x60;
    private static final int RESTORE_POINT = 0x70;
    private static final int FPW_CHANGE = 0x80;
    private static final int END_OF_RECOVERY = 0x90;
    private static final int OVERWRITE_CONTRECORD = 0xD0;
    private static final int CHECKPOINT_REDO = 0xE0;

    @Override
    public String kind(PostgresMajor major, int info) {
        return switch (info) {
            case CHECKPOINT_SHUTDOWN -> "CHECKPOINT_SHUTDOWN";
            case CHECKPOINT_ONLINE -> "CHECKPOINT_ONLINE";
            case 0x20 -> "NOOP";
            case NEXTOID -> "NEXTOID";
            case 0x40 -> "SWITCH";
            case BACKUP_END -> "BACKUP_END";
            case PARAMETER_CHANGE -> "PARAMETER_CHANGE";
            case RESTORE_POINT -> "RESTORE_POINT";
            case FPW_CHANGE -> "FPW_CHANGE";
            case END_OF_RECOVERY -> "END_OF_RECOVERY";
            case 0xA0 -> "FPI_FOR_HINT";
            case 0xB0 -> "FPI";
            case OVERWRITE_CONTRECORD -> "OVERWRITE_CONTRECORD";
            case CHECKPOINT_REDO -> has17(major) ? "CHECKPOINT_REDO" : "";
            default -> "";
        };
    }

    @Override
    public void describe(StringBuilder out, PostgresMajor major, WalRecord record) {
        RecordPart data = record.mainData();
        switch (record.info() & 0xF0) {
            case CHECKPOINT_SHUTDOWN -> appendCheckpoint(out, major, data, "shutdown");
            case CHECKPOINT_ONLINE -> appendCheckpoint(out, major, data, "online");
            case NEXTOID -> out.append(data.unsignedInt(0));
            case BACKUP_END -> out.append(Notation.lsn(data.longInteger(0)));
            case PARAMETER_CHANGE -> appendSettings(out, data);
            case RESTORE_POINT -> out.append(data.text(8));
            case FPW_CHANGE -> out.append(data.isSet(0));
            case END_OF_RECOVERY -> appendEndOfRecovery(out, major, data);
            case OVERWRITE_CONTRECORD -> {
                out.append("lsn ").append(Notation.lsn(data.longInteger(0))).append("; time ");
                TimeNotation.append(out, data.longInteger(8));
            }
            case CHECKPOINT_REDO -> {
                if (has17(major)) {
                    out.append("wal_level ").append(Notation.walLevel(data.signedInt(0)));
                }
            }
            default -> {}
        }
    }

    private static boolean has17(PostgresMajor major) {
        return major.compareTo(PostgresMajor.V17) >= 0;
    }

    private static void appendCheckpoint(StringBuilder out, PostgresMajor major, RecordPart data, String how) {
        out.append("redo ").append(Notation.lsn(data.longInteger(0)));
        out.append("; tli ").append(data.unsignedInt(8));
        out.append("; prev tli ").append(data.unsignedInt(12));
        out.append("; fpw ").append(data.isSet(16));
        if (has17(major)) {
            out.append("; wal_level ").append(Notation.walLevel(data.signedInt(20)));
        }
        out.append("; xid ");
        Notation.appendFullTransaction(out, data.longInteger(24));
        out.append("; oid ").append(data.unsignedInt(32));
        out.append("; multi ").append(data.unsignedInt(36));
        out.append("; offset ").append(data.unsignedInt(40));
        out.append("; oldest xid ").append(data.unsignedInt(44));
        out.append(" in DB ").append(data.unsignedInt(48));
        out.append("; oldest multi ").append(data.unsignedInt(52));
        out.append(" in DB ").append(data.unsignedInt(56));
        out.append("; oldest/newest commit timestamp xid: ").append(data.unsignedInt(72));
        out.append('/').append(data.unsignedInt(76));
        out.append("; oldest running xid ")
                .append(data.unsignedInt(80))
                .append("; ")
                .append(how);
    }

    private static void appendSettings(StringBuilder out, RecordPart data) {
        out.append("max_connections=").append(data.signedInt(0));
        out.append(" max_worker_processes=").append(data.signedInt(4));
        out.append(" max_wal_senders=").append(data.signedInt(8));
        out.append(" max_prepared_xacts=").append(data.signedInt(12));
        out.append(" max_locks_per_xact=").append(data.signedInt(16));
        out.append(" wal_level=").append(Notation.walLevel(data.signedInt(20)));
        out.append(" wal_log_hints=").append(data.isSet(24) ? "on" : "off");
        out.append(" track_commit_timestamp=").append(data.isSet(25) ? "on" : "off");
    }

    private static void appendEndOfRecovery(StringBuilder out, PostgresMajor major, RecordPart data) {
        out.append("tli ").append(data.unsignedInt(8));
        out.append("; prev tli ").append(data.unsignedInt(12)).append("; time ");
        TimeNotation.append(out, data.longInteger(0));
        if (has17(major)) {
            out.append("; wal_level ").append(Notation.walLevel(data.signedInt(16)));
        }
    }
}
