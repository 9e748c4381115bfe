package org.pgark.storage.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.pgark.storage.StoreOption;
import org.pgark.storage.StoreSettings;
import org.pgark.testkit.S3Proxy;

/** Settings by which s3proxy is reached, directly or through something in front of it. */
final class S3ProxySettings {
    private S3ProxySettings() {}

    /**
     * Writes the file of the secret, and names it.
     *
     * @param folder for the file
     */
    static StoreSettings of(String endpoint, Path folder, int partSize) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), S3Proxy.SECRET_KEY + "\n");
        return new StoreSettings(Map.of(
                StoreOption.ENDPOINT,
                endpoint,
                StoreOption.PATH_STYLE,
                "true",
                StoreOption.ACCESS_KEY_ID,
                S3Proxy.ACCESS_KEY,
                StoreOption.SECRET_ACCESS_KEY_FILE,
                secret.toString(),
                StoreOption.PART_SIZE,
                Integer.toString(partSize)));
    }
}
