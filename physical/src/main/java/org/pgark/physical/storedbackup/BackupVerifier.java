package org.pgark.physical.storedbackup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.pgark.postgres.manifest.BackupManifest;
import org.pgark.postgres.manifest.ManifestException;
import org.pgark.postgres.manifest.ManifestFile;
import org.pgark.postgres.manifest.WalRange;

/** Verifies a base backup against its manifest, as pg_verifybackup does. */
public final class BackupVerifier {
    /** How a backup lies on disk. */
    public enum Format {
        PLAIN,
        TAR
    }

    private final VerificationRequest request;
    private final BackupFindings findings;
    private final BackupManifest manifest;
    private final Map<String, ExpectedFile> expected = new LinkedHashMap<>();

    private BackupVerifier(VerificationRequest request, BackupFindings findings, BackupManifest manifest) {
        this.request = request;
        this.findings = findings;
        this.manifest = manifest;
        for (ManifestFile file : manifest.files().values()) {
            expected.put(file.path(), new ExpectedFile(file));
        }
    }

    /**
     * Reads the manifest.
     *
     * @throws StoredBackupException if it cannot be read
     * @throws ManifestException if it is damaged
     */
    public static BackupVerifier open(VerificationRequest request, VerificationListener listener) throws IOException {
        BackupManifest manifest;
        try {
            manifest = BackupManifest.read(request.manifest());
        } catch (ManifestException e) {
            throw e;
        } catch (IOException e) {
            throw StoredBackupException.of("could not open file", request.manifest(), e);
        }
        try (var _ = Files.newDirectoryStream(request.directory())) {
            // Only whether it can be opened counts.
        } catch (IOException e) {
            throw StoredBackupException.of("could not open directory", request.directory(), e);
        }
        return new BackupVerifier(request, new BackupFindings(request, listener), manifest);
    }

    /** The backup's format, as far as it can be seen: plain if it has a PG_VERSION. */
    public Format format() throws StoredBackupException {
        Path file = request.directory().resolve("PG_VERSION");
        try {
            Files.readAttributes(file, "size");
            return Format.PLAIN;
        } catch (NoSuchFileException e) {
            return Format.TAR;
        } catch (IOException e) {
            throw StoredBackupException.of("could not stat file", file, e);
        }
    }

    /** Does the work; whether nothing was found wrong. */
    public boolean verify(Format format) throws IOException {
        try {
            switch (format) {
                case PLAIN -> new PlainBackup(request.directory(), findings, manifest, expected).look();
                case TAR ->
                    new TarBackup(request.directory(), findings, manifest, expected, request.skipsChecksums()).read();
            }
            for (ExpectedFile file : expected.values()) {
                if (!file.isFound() && !findings.isIgnored(file.file().path())) {
                    findings.error("\"" + file.file().path() + "\" is present in the manifest but not on disk");
                }
            }
            if (format == Format.PLAIN && !request.skipsChecksums()) {
                new ChecksumPass(request.directory(), findings, expected.values()).run();
            }
            if (request.walDirectory().isPresent()) {
                checkWal(request.walDirectory().get());
            }
        } catch (BackupFindings.StoppedException e) {
            return false;
        }
        return !findings.isWrong();
    }

    private void checkWal(Path directory) throws IOException {
        for (WalRange range : manifest.walRanges()) {
            String problem = WalRangeCheck.problem(directory, range);
            if (!problem.isEmpty()) {
                findings.walError(problem);
                findings.error("WAL parsing failed for timeline " + Integer.toUnsignedString(range.timeline()));
            }
        }
    }
}
