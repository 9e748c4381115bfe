package org.pgark.physical.basebackup;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.xxhash.XXHashFactory;
import org.pgark.physical.receive.LevelledGzip;
import org.pgark.physical.receive.Lz4FrameInput;
import org.pgark.physical.receive.SystemMessage;

/** Builds, for each archive of a backup, the chain of streams that its bytes go through. */
final class ArchiveOutputs {
    private final BaseBackupRequest request;
    private final BaseBackupListener listener;
    private final boolean groupReads;
    private final boolean terminated;

    /** @param terminated whether the server ends its archives itself, as from 15 on */
    ArchiveOutputs(BaseBackupRequest request, BaseBackupListener listener, boolean groupReads, boolean terminated) {
        this.request = request;
        this.listener = listener;
        this.groupReads = groupReads;
        this.terminated = terminated;
    }

    /**
     * Where an archive goes.
     *
     * @param stream takes the archive's bytes; closing it ends the archive
     * @param manifestSink where the manifest is to be put in, if it goes into the archive
     */
    record ArchiveOutput(OutputStream stream, Optional<TarSink> manifestSink) {}

    ArchiveOutput open(String name, Optional<String> location) throws IOException {
        boolean compressed = name.endsWith(".tar.gz") || name.endsWith(".tar.lz4") || name.endsWith(".tar.zst");
        boolean injects = request.isToStream() && request.manifest().isPresent();
        if (injects && compressed) {
            throw BaseBackupException.withHint(
                    "cannot inject manifest into a compressed tar file",
                    "Use client-side compression, send the output to a directory rather than standard output, or use"
                            + " --no-manifest.");
        }
        boolean plain = request.output() instanceof BaseBackupRequest.Output.Plain;
        boolean makesStandby =
                location.isEmpty() && request.recoveryConfiguration().isPresent();
        boolean parses = plain || injects || makesStandby;
        if (parses && !name.endsWith(".tar") && !(compressed && plain)) {
            throw cannotParse(name, plain, injects);
        }
        if (!parses) {
            OutputStream file = file(name);
            return new ArchiveOutput(terminated ? file : new TarTerminator(file), Optional.empty());
        }
        TarSink sink = plain ? extractor(location) : new TarWriter(file(name));
        Optional<TarSink> manifestSink = injects ? Optional.of(sink) : Optional.empty();
        if (makesStandby) {
            sink = new RecoveryInjector(sink, request.recoveryConfiguration().orElseThrow(), groupReads);
        }
        return new ArchiveOutput(decompressed(name, new TarFeed(sink)), manifestSink);
    }

    private static BaseBackupException cannotParse(String name, boolean plain, boolean injects) {
        List<String> details = new ArrayList<>();
        details.add("Only tar archives can be parsed.");
        if (plain) {
            details.add("Plain format requires pg_basebackup to parse the archive.");
        } else if (injects) {
            details.add("Using - as the output directory requires pg_basebackup to parse the archive.");
        } else {
            details.add("The -R option requires pg_basebackup to parse the archive.");
        }
        return BaseBackupException.withDetails("cannot parse archive \"" + name + "\"", details);
    }

    private TarSink extractor(Optional<String> location) {
        BaseBackupRequest.Output.Plain plain = (BaseBackupRequest.Output.Plain) request.output();
        // A tablespace in place has a path below the data directory.
        Path directory = location.map(place -> place.startsWith("/")
                        ? Path.of(plain.mappings().apply(place))
                        : plain.directory().resolve(place))
                .orElse(plain.directory());
        return new Extractor(directory, plain.mappings(), listener::file);
    }

    private static OutputStream decompressed(String name, OutputStream target) throws IOException {
        if (name.endsWith(".gz")) {
            return new DecompressingFeed(in -> new GZIPInputStream(in, 64 << 10), target);
        }
        if (name.endsWith(".lz4")) {
            return new DecompressingFeed(Lz4FrameInput::new, target);
        }
        return name.endsWith(".zst") ? new DecompressingFeed(ZstdInputStream::new, target) : target;
    }

    private OutputStream file(String name) throws IOException {
        if (request.output() instanceof BaseBackupRequest.Output.TarStream stream) {
            listener.file("-");
            return compressed(new NamedOutput(new Unclosed(stream.stream()), "-"), request.clientCompression());
        }
        Path path = request.directory()
                .orElseThrow()
                .resolve(name + request.clientCompression().algorithm().suffix());
        listener.file(path.toString());
        return compressed(create(path, groupReads), request.clientCompression());
    }

    static OutputStream create(Path path, boolean groupReads) throws BaseBackupException {
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(groupReads ? "rw-r-----" : "rw-------");
        try {
            FileChannel file = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING),
                    PosixFilePermissions.asFileAttribute(permissions));
            return new NamedOutput(Channels.newOutputStream(file), path.toString());
        } catch (IOException e) {
            throw new BaseBackupException("could not create file \"" + path + "\": " + SystemMessage.of(e), e);
        }
    }

    static OutputStream compressed(OutputStream out, ArchiveCompression compression) throws IOException {
        return switch (compression.algorithm()) {
            case NONE -> out;
            case GZIP -> new LevelledGzip(out, compression.level());
            case LZ4 ->
                new LZ4FrameOutputStream(
                        out,
                        LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB,
                        -1L,
                        compression.level() < 3
                                ? LZ4Factory.fastestInstance().fastCompressor()
                                : LZ4Factory.fastestInstance().highCompressor(compression.level()),
                        XXHashFactory.fastestInstance().hash32(),
                        LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE);
            case ZSTD -> {
                ZstdOutputStream zstd = new ZstdOutputStream(out, compression.level());
                if (compression.workers() > 0) {
                    zstd.setWorkers(compression.workers());
                }
                if (compression.longDistance()) {
                    zstd.setLong(27);
                }
                yield zstd;
            }
        };
    }

    /** Standard output stays open. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            out.write(source, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }

    /** Adds the two blocks that servers before 15 leave out. */
    private static final class TarTerminator extends FilterOutputStream {
        TarTerminator(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            out.write(source, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.write(new byte[2 * TarFeed.BLOCK]);
            out.close();
        }
    }
}
