package org.pgark.cli.wal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import org.pgark.postgres.wal.dump.PageDecompressor;

/** Images of pages that the server compressed with zstd. */
final class ZstdImages implements PageDecompressor {
    @Override
    public byte[] decompress(byte[] compressed, int size) throws DamagedImageException {
        try {
            byte[] page = Zstd.decompress(compressed, size);
            if (page.length == size) {
                return page;
            }
            throw new DamagedImageException("compressed image is damaged");
        } catch (ZstdException e) {
            throw new DamagedImageException("compressed image is damaged");
        }
    }
}
