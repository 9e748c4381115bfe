package org.pgark.physical.basebackup;

import java.util.Optional;

/** Writes a BASE_BACKUP command: with keywords for servers before 15, with options in parentheses from 15 on. */
final class BaseBackupCommand {
    private final boolean parentheses;
    private final StringBuilder options = new StringBuilder();

    private BaseBackupCommand(boolean parentheses) {
        this.parentheses = parentheses;
    }

    static String of(BaseBackupRequest request, boolean parentheses) throws BaseBackupException {
        return of(request, parentheses, request.walMethod() == WalMethod.NONE);
    }

    /** @param waits whether the server is to wait until its WAL is archived */
    static String of(BaseBackupRequest request, boolean parentheses, boolean waits) throws BaseBackupException {
        BaseBackupCommand command = new BaseBackupCommand(parentheses);
        command.add(request);
        if (!waits) {
            command.either("WAIT 0", "NOWAIT");
        }
        return parentheses ? "BASE_BACKUP (" + command.options + ")" : "BASE_BACKUP " + command.options;
    }

    private void add(BaseBackupRequest request) throws BaseBackupException {
        if (request.incrementalFrom().isPresent()) {
            plain("INCREMENTAL");
        }
        text("LABEL", request.label());
        if (request.estimatesSize()) {
            plain("PROGRESS");
        }
        if (request.walMethod() == WalMethod.FETCH) {
            plain("WAL");
        }
        if (request.fastCheckpoint()) {
            either("CHECKPOINT 'fast'", "FAST");
        }
        if (request.maxRate() > 0) {
            plain("MAX_RATE " + request.maxRate());
        }
        if (request.isTar()) {
            plain("TABLESPACE_MAP");
        }
        if (!request.verifiesChecksums()) {
            either("VERIFY_CHECKSUMS 0", "NOVERIFY_CHECKSUMS");
        }
        if (request.manifest().isPresent()) {
            text("MANIFEST", request.manifest().get().forceEncode() ? "force-encode" : "yes");
            Optional<String> checksums = request.manifest().get().checksums();
            if (checksums.isPresent()) {
                text("MANIFEST_CHECKSUMS", checksums.get());
            }
        }
        addTarget(request);
        addCompression(request);
    }

    private void addTarget(BaseBackupRequest request) throws BaseBackupException {
        if (request.output() instanceof BaseBackupRequest.Output.Target target) {
            if (!parentheses) {
                throw new BaseBackupException("backup targets are not supported by this server version");
            }
            if (request.recoveryConfiguration().isPresent()) {
                throw new BaseBackupException("recovery configuration cannot be written when a backup target is used");
            }
            plain("TABLESPACE_MAP");
            int colon = target.text().indexOf(':');
            text("TARGET", colon < 0 ? target.text() : target.text().substring(0, colon));
            if (colon >= 0) {
                text("TARGET_DETAIL", target.text().substring(colon + 1));
            }
        } else if (parentheses) {
            text("TARGET", "client");
        }
    }

    private void addCompression(BaseBackupRequest request) throws BaseBackupException {
        if (request.serverCompression().isPresent()) {
            if (!parentheses) {
                throw new BaseBackupException("server does not support server-side compression");
            }
            text("COMPRESSION", request.serverCompression().get().algorithm());
            Optional<String> detail = request.serverCompression().get().detail();
            if (detail.isPresent()) {
                text("COMPRESSION_DETAIL", detail.get());
            }
        }
    }

    private void either(String option, String keyword) {
        plain(parentheses ? option : keyword);
    }

    private void text(String name, String value) {
        plain(name + " '" + value.replace("'", "''") + "'");
    }

    private void plain(String option) {
        options.append(options.isEmpty() ? "" : parentheses ? ", " : " ").append(option);
    }
}
