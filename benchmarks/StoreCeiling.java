import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * What an S3 service takes and gives by the plain SDK: objects of 32 MiB in parts of 8 MiB, four at a time, which have nothing to
 * be compressed. Prints the MB per second up and down, once cold and twice more.
 * usage: StoreCeiling ENDPOINT ACCESS-KEY SECRET BUCKET MEGABYTES
 */
final class StoreCeiling {
    private static final int PART = 8 << 20;
    private static final int PARTS = 4;
    private static final int THREADS = 4;

    private StoreCeiling() {}

    public static void main(String[] words) throws Exception {
        int objects = Integer.parseInt(words[4]) / (PART * PARTS >> 20);
        byte[] part = new byte[PART];
        new Random(1).nextBytes(part);
        try (S3Client s3 = S3Client.builder()
                        .httpClient(UrlConnectionHttpClient.create())
                        .region(Region.US_EAST_1)
                        .endpointOverride(URI.create(words[0]))
                        .forcePathStyle(true)
                        .serviceConfiguration(set -> set.chunkedEncodingEnabled(false))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(AwsBasicCredentials.create(words[1], words[2])))
                        .build();
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int round = 0; round < 3; round++) {
                String prefix = "ceiling/" + round + "/";
                long begin = System.nanoTime();
                List<Future<?>> uploads = new ArrayList<>();
                for (int number = 0; number < objects; number++) {
                    String key = prefix + number;
                    uploads.add(threads.submit(() -> upload(s3, words[3], key, part)));
                }
                for (Future<?> upload : uploads) {
                    upload.get();
                }
                long up = System.nanoTime();
                List<Future<?>> downloads = new ArrayList<>();
                for (int number = 0; number < objects * PARTS; number++) {
                    String key = prefix + number / PARTS;
                    String range = "bytes=" + (long) (number % PARTS) * PART + "-" + ((number % PARTS + 1L) * PART - 1);
                    downloads.add(threads.submit(() -> {
                        try (var in = s3.getObject(get -> get.bucket(words[3]).key(key).range(range))) {
                            byte[] buffer = new byte[1 << 20];
                            while (in.read(buffer) >= 0) {}
                        }
                        return true;
                    }));
                }
                for (Future<?> download : downloads) {
                    download.get();
                }
                long down = System.nanoTime();
                double megabytes = (double) objects * PARTS * PART / 1e6;
                System.out.printf(
                        "%.0f MB/s up, %.0f MB/s down%n",
                        megabytes / ((up - begin) / 1e9), megabytes / ((down - up) / 1e9));
            }
        }
    }

    private static boolean upload(S3Client s3, String bucket, String key, byte[] part) {
        String id = s3.createMultipartUpload(create -> create.bucket(bucket).key(key)).uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int number = 1; number <= PARTS; number++) {
            int at = number;
            String tag = s3.uploadPart(
                            send -> send.bucket(bucket).key(key).uploadId(id).partNumber(at),
                            RequestBody.fromContentProvider(
                                    () -> new java.io.ByteArrayInputStream(part), part.length, "application/octet-stream"))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        }
        s3.completeMultipartUpload(complete -> complete.bucket(bucket)
                .key(key)
                .uploadId(id)
                .multipartUpload(all -> all.parts(parts)));
        return true;
    }
}
