package org.pgark.physical.basebackup;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgark.postgres.wire.CopyOut;
import org.pgark.postgres.wire.WireException;

/** Receives the archives and the manifest, in both forms: one COPY with typed messages (15 and later), or one COPY each. */
final class ArchiveReceiver implements TypedMessage.Target, AutoCloseable {
    private final BaseBackupRequest request;
    private final ArchiveOutputs outputs;
    private final BaseBackupListener listener;
    private final boolean groupReads;
    private final BackgroundWal background;
    private int tablespace = -1;
    private long done;
    private @Nullable OutputStream archive;
    private Optional<TarSink> manifestSink = Optional.empty();
    private @Nullable ManifestOutput manifest;
    private boolean manifestBegun;

    ArchiveReceiver(
            BaseBackupRequest request,
            ArchiveOutputs outputs,
            BaseBackupListener listener,
            boolean groupReads,
            BackgroundWal background) {
        this.request = request;
        this.outputs = outputs;
        this.listener = listener;
        this.groupReads = groupReads;
        this.background = background;
    }

    /** All archives and the manifest in one COPY. */
    void receiveAll(CopyOut copy) throws IOException {
        while (next(copy)) {
            TypedMessage.take(copy, this);
        }
        finishManifest();
        finishArchive();
    }

    /** One archive in a COPY of its own, as servers before 15 send it. */
    void receiveArchive(CopyOut copy, String name, Optional<String> location, int number) throws IOException {
        ArchiveOutputs.ArchiveOutput output = outputs.open(name, location);
        archive = output.stream();
        manifestSink = output.manifestSink();
        while (next(copy)) {
            output.stream().write(copy.buffer(), copy.offset(), copy.length());
            done += copy.length();
            listener.progress(done, number, false);
        }
        if (manifestSink.isEmpty()) {
            finishArchive();
            listener.progress(done, number, true);
        }
    }

    /** The manifest in a COPY of its own, after all archives. */
    void receiveManifest(CopyOut copy) throws IOException {
        ManifestOutput output = new ManifestOutput(request.directory(), manifestSink, groupReads);
        manifest = output;
        while (next(copy)) {
            output.write(copy.buffer(), copy.offset(), copy.length());
        }
        finishManifest();
        finishArchive();
    }

    private boolean next(CopyOut copy) throws IOException {
        boolean more;
        try {
            more = copy.next();
        } catch (WireException e) {
            throw new BaseBackupException("could not read COPY data: " + e.getMessage(), e);
        }
        background.checkRuns();
        return more;
    }

    @Override
    public void progress(long bytes) throws IOException {
        done = bytes;
        listener.progress(done, tablespace, true);
    }

    @Override
    public void beginManifest() throws IOException {
        manifestBegun = true;
        if (!isTarget()) {
            manifest = new ManifestOutput(request.directory(), manifestSink, groupReads);
        }
    }

    private boolean isTarget() {
        return request.output() instanceof BaseBackupRequest.Output.Target;
    }

    @Override
    public void beginArchive(String name, String location) throws IOException {
        if (++tablespace > 0) {
            listener.progress(done, tablespace, true);
        }
        if (manifestBegun) {
            throw new BaseBackupException("archives must precede manifest");
        }
        finishArchive();
        if (!isTarget()) {
            ArchiveOutputs.ArchiveOutput output =
                    outputs.open(name, location.isEmpty() ? Optional.empty() : Optional.of(location));
            archive = output.stream();
            manifestSink = output.manifestSink();
        }
    }

    @Override
    public void data(byte[] buffer, int offset, int length) throws IOException {
        ManifestOutput open = manifest;
        OutputStream stream = archive;
        if (open != null) {
            open.write(buffer, offset, length);
        } else if (stream != null) {
            stream.write(buffer, offset, length);
        } else {
            throw new BaseBackupException("unexpected payload data");
        }
    }

    private void finishManifest() throws IOException {
        ManifestOutput open = manifest;
        if (open != null) {
            try (open) {
                open.finish();
            }
            manifest = null;
        }
    }

    private void finishArchive() throws IOException {
        OutputStream stream = archive;
        archive = null;
        if (stream != null) {
            stream.close();
        }
    }

    /** Lets go of files after a failure. */
    @Override
    public void close() throws IOException {
        ManifestOutput open = manifest;
        if (open != null) {
            open.close();
        }
    }
}
