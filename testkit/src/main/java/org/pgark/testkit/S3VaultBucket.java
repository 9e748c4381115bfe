package org.pgark.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgark.testkit.S3Versioned.Listed;
import org.pgark.testkit.S3Versioned.Version;

/** The bucket of {@link S3Vault}. */
final class S3VaultBucket {
    private static final int MOST_IN_PAGE = 1000;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    private static final Pattern KEY = Pattern.compile("<Key>([^<]+)</Key>");
    private static final Pattern MODE = Pattern.compile("<Mode>(\\w+)</Mode>");
    private static final Pattern UNTIL = Pattern.compile("<RetainUntilDate>([^<]+)</RetainUntilDate>");
    private static final String LOCK_MODE = "x-amz-object-lock-mode";
    private static final String LOCK_UNTIL = "x-amz-object-lock-retain-until-date";

    private final S3Versioned objects = new S3Versioned();
    private final Map<String, Upload> uploads = new TreeMap<>();
    private final AtomicLong numbers = new AtomicLong();

    private Duration lag = Duration.ZERO;

    private record Upload(String key, Instant begun, Map<String, String> headers, TreeMap<Integer, byte[]> parts) {}

    synchronized void age(Duration time) {
        objects.age(time);
        uploads.replaceAll(
                (_, upload) -> new Upload(upload.key(), upload.begun().minus(time), upload.headers(), upload.parts()));
    }

    synchronized void lag(Duration time) {
        lag = time;
    }

    synchronized long versions(String prefix) {
        return objects.list(prefix).stream().filter(one -> !one.version().mark).count();
    }

    synchronized S3Reply reply(S3Vault.Call call) {
        if (call.key.isEmpty()) {
            return call.method().equals("POST")
                    ? deleteMany(call)
                    : call.query.containsKey("versions")
                            ? call.may("s3:ListBucketVersions") ? versions(call) : S3Reply.forbidden()
                            : call.query.containsKey("uploads")
                                    ? call.may("s3:ListBucketMultipartUploads") ? uploads(call) : S3Reply.forbidden()
                                    : call.may("s3:ListBucket") ? list(call) : S3Reply.forbidden();
        }
        return switch (call.method()) {
            case "GET", "HEAD" -> fetch(call);
            case "PUT" ->
                call.query.containsKey("retention")
                        ? retain(call)
                        : call.query.containsKey("partnumber") ? part(call) : put(call);
            case "POST" -> call.query.containsKey("uploads") ? begin(call) : complete(call);
            case "DELETE" -> call.query.containsKey("uploadid") ? abort(call) : delete(call);
            default -> S3Reply.error(405, "MethodNotAllowed");
        };
    }

    private static boolean mayCreate(S3Vault.Call call) {
        return call.may("s3:PutObject")
                && (call.header(LOCK_MODE).isEmpty() || call.may("s3:PutObjectRetention"))
                && (call.header("x-amz-tagging").isEmpty() || call.may("s3:PutObjectTagging"));
    }

    private static Map<String, String> headers(S3Vault.Call call) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (String name : List.of("x-amz-meta-pgark-writer", LOCK_MODE, LOCK_UNTIL)) {
            if (!call.header(name).isEmpty()) {
                kept.put(name, call.header(name));
            }
        }
        return kept;
    }

    private boolean isTaken(String key) {
        return objects.find(key, "").filter(version -> !version.mark).isPresent();
    }

    private S3Reply create(S3Vault.Call call, byte[] content, Map<String, String> headers) {
        if (call.header("if-none-match").equals("*") && isTaken(call.key)) {
            return S3Reply.error(412, "PreconditionFailed");
        }
        Version version = objects.add(call.key, Instant.now(), content, headers);
        if (headers.containsKey(LOCK_MODE)) {
            version.mode = headers.get(LOCK_MODE);
            version.lockedUntil = Instant.parse(headers.get(LOCK_UNTIL));
        }
        return S3Reply.empty(200).with("ETag", "\"e\"").with("x-amz-version-id", version.id);
    }

    private S3Reply put(S3Vault.Call call) {
        return mayCreate(call) ? create(call, call.body, headers(call)) : S3Reply.forbidden();
    }

    private S3Reply begin(S3Vault.Call call) {
        if (!mayCreate(call)) {
            return S3Reply.forbidden();
        }
        String id = "u" + numbers.incrementAndGet();
        uploads.put(id, new Upload(call.key, Instant.now(), headers(call), new TreeMap<>()));
        return S3Reply.xml(
                "<InitiateMultipartUploadResult><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>");
    }

    private S3Reply part(S3Vault.Call call) {
        Upload upload = uploads.get(call.query.get("uploadid"));
        if (!call.may("s3:PutObject")) {
            return S3Reply.forbidden();
        }
        if (upload == null) {
            return S3Reply.error(404, "NoSuchUpload");
        }
        upload.parts().put(Integer.parseInt(call.query.get("partnumber")), call.body);
        return S3Reply.empty(200).with("ETag", "\"e\"");
    }

    private S3Reply complete(S3Vault.Call call) {
        Upload upload = uploads.get(call.query.get("uploadid"));
        if (!call.may("s3:PutObject")) {
            return S3Reply.forbidden();
        }
        if (upload == null) {
            return S3Reply.error(404, "NoSuchUpload");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        upload.parts().values().forEach(content::writeBytes);
        S3Reply created = create(call, content.toByteArray(), upload.headers());
        if (created.status() != 200) {
            return created;
        }
        uploads.remove(call.query.get("uploadid"));
        return S3Reply.xml("<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>");
    }

    private S3Reply abort(S3Vault.Call call) {
        if (!call.may("s3:AbortMultipartUpload")) {
            return S3Reply.forbidden();
        }
        uploads.remove(call.query.get("uploadid"));
        return S3Reply.empty(204);
    }

    private S3Reply fetch(S3Vault.Call call) {
        String id = call.query.getOrDefault("versionid", "");
        if (!call.may(id.isEmpty() ? "s3:GetObject" : "s3:GetObjectVersion")) {
            return S3Reply.forbidden();
        }
        Optional<Version> found = objects.find(call.key, id);
        if (found.isEmpty() || found.get().mark) {
            return call.mayKnowAbsence() ? S3Reply.error(404, "NoSuchKey") : S3Reply.forbidden();
        }
        Version version = found.get();
        S3Reply reply =
                content(call, version).with("x-amz-version-id", version.id).with("ETag", "\"e\"");
        version.headers.forEach((name, value) -> {
            if (!name.startsWith("x-amz-object-lock")) {
                reply.with(name, value);
            }
        });
        // As the service has it: who may not see locks is told nothing of them.
        if (!version.mode.isEmpty() && call.may("s3:GetObjectRetention")) {
            reply.with(LOCK_MODE, version.mode).with(LOCK_UNTIL, version.lockedUntil.toString());
        }
        return reply;
    }

    private static S3Reply content(S3Vault.Call call, Version version) {
        Matcher range = RANGE.matcher(call.header("range"));
        if (!range.matches()) {
            return new S3Reply(200, new TreeMap<>(), version.content);
        }
        int from = Integer.parseInt(range.group(1));
        int to = (int) Math.min(version.content.length, Long.parseLong(range.group(2)) + 1);
        if (from >= version.content.length) {
            return S3Reply.error(416, "InvalidRange");
        }
        return new S3Reply(
                206,
                new TreeMap<>(Map.of("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + version.content.length)),
                Arrays.copyOfRange(version.content, from, to));
    }

    private S3Reply retain(S3Vault.Call call) {
        if (!call.may("s3:PutObjectRetention")) {
            return S3Reply.forbidden();
        }
        Optional<Version> found = objects.find(call.key, call.query.getOrDefault("versionid", ""));
        if (found.isEmpty() || found.get().mark) {
            return S3Reply.error(found.isEmpty() ? 404 : 405, found.isEmpty() ? "NoSuchKey" : "MethodNotAllowed");
        }
        String text = new String(call.body, StandardCharsets.UTF_8);
        Matcher mode = MODE.matcher(text);
        Matcher until = UNTIL.matcher(text);
        if (!mode.find() || !until.find()) {
            return S3Reply.error(400, "MalformedXML");
        }
        Instant end = Instant.parse(until.group(1));
        if (found.get().isLocked(Instant.now()) && end.isBefore(found.get().lockedUntil)) {
            return S3Reply.forbidden();
        }
        found.get().mode = mode.group(1);
        found.get().lockedUntil = end;
        return S3Reply.empty(200);
    }

    private S3Reply delete(S3Vault.Call call) {
        String id = call.query.getOrDefault("versionid", "");
        if (!call.may(id.isEmpty() ? "s3:DeleteObject" : "s3:DeleteObjectVersion")) {
            return S3Reply.forbidden();
        }
        if (id.isEmpty()) {
            objects.mark(call.key, Instant.now());
            return S3Reply.empty(204);
        }
        Optional<Version> found = objects.find(call.key, id);
        if (found.filter(version -> version.isLocked(Instant.now())).isPresent()) {
            return S3Reply.forbidden();
        }
        found.ifPresent(version -> objects.remove(call.key, version));
        return S3Reply.empty(204);
    }

    private S3Reply deleteMany(S3Vault.Call call) {
        StringBuilder text = new StringBuilder("<DeleteResult>");
        Matcher key = KEY.matcher(new String(call.body, StandardCharsets.UTF_8));
        while (key.find()) {
            S3Reply reply = delete(call.on(key.group(1)));
            text.append(
                    reply.status() == 204
                            ? "<Deleted><Key>" + key.group(1) + "</Key></Deleted>"
                            : "<Error><Key>" + key.group(1) + "</Key><Code>AccessDenied</Code></Error>");
        }
        return S3Reply.xml(text.append("</DeleteResult>").toString());
    }

    private S3Reply uploads(S3Vault.Call call) {
        StringBuilder text = new StringBuilder("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>");
        uploads.forEach((id, upload) -> {
            if (upload.key().startsWith(call.query.getOrDefault("prefix", ""))) {
                text.append("<Upload><Key>" + upload.key() + "</Key><UploadId>" + id + "</UploadId><Initiated>"
                        + upload.begun() + "</Initiated></Upload>");
            }
        });
        return S3Reply.xml(text.append("</ListMultipartUploadsResult>").toString());
    }

    private S3Reply list(S3Vault.Call call) {
        String from = call.query.getOrDefault("continuation-token", "");
        StringBuilder text = new StringBuilder("<ListBucketResult>");
        page(
                call,
                objects
                        .list(
                                call.query.getOrDefault("prefix", ""),
                                Instant.now().minus(lag))
                        .stream()
                        .filter(one -> one.key().compareTo(from) > 0)
                        .toList(),
                from,
                one -> "<Contents><Key>" + one.key() + "</Key><Size>" + one.version().content.length
                        + "</Size></Contents>",
                last -> "<NextContinuationToken>" + last.key() + "</NextContinuationToken>",
                text);
        return S3Reply.xml(text.append("</ListBucketResult>").toString());
    }

    private S3Reply versions(S3Vault.Call call) {
        String fromKey = call.query.getOrDefault("key-marker", "");
        String fromId = call.query.getOrDefault("version-id-marker", "");
        List<Listed> all = objects.list(call.query.getOrDefault("prefix", ""));
        int begin = 0;
        while (begin < all.size()
                && (all.get(begin).key().compareTo(fromKey) < 0
                        || (all.get(begin).key().equals(fromKey) && isBefore(all, begin, fromId)))) {
            begin++;
        }
        StringBuilder text = new StringBuilder("<ListVersionsResult>");
        page(
                call,
                all.subList(begin, all.size()),
                fromKey,
                one -> (one.version().mark ? "<DeleteMarker>" : "<Version>") + "<Key>" + one.key()
                        + "</Key><VersionId>" + one.version().id + "</VersionId><IsLatest>" + one.latest()
                        + "</IsLatest><LastModified>" + one.version().time + "</LastModified>"
                        + (one.version().mark
                                ? "</DeleteMarker>"
                                : "<Size>" + one.version().content.length + "</Size></Version>"),
                last -> "<NextKeyMarker>" + last.key() + "</NextKeyMarker><NextVersionIdMarker>" + last.version().id
                        + "</NextVersionIdMarker>",
                text);
        return S3Reply.xml(text.append("</ListVersionsResult>").toString());
    }

    /** Whether an entry is the one that the page before ended with, or stands before it. */
    private static boolean isBefore(List<Listed> all, int at, String lastId) {
        return lastId.isEmpty()
                || all.subList(at, all.size()).stream()
                        .anyMatch(one -> one.key().equals(all.get(at).key())
                                && one.version().id.equals(lastId));
    }

    private interface Text {
        String of(Listed listed);
    }

    private static void page(
            S3Vault.Call call, List<Listed> all, String from, Text entry, Text next, StringBuilder target) {
        String prefix = call.query.getOrDefault("prefix", "");
        String delimiter = call.query.getOrDefault("delimiter", "");
        int most = Integer.parseInt(call.query.getOrDefault("max-keys", Integer.toString(MOST_IN_PAGE)));
        TreeSet<String> folders = new TreeSet<>();
        int count = 0;
        Listed last = null;
        boolean truncated = false;
        for (Listed one : all) {
            int slash = delimiter.isEmpty() ? -1 : one.key().indexOf(delimiter, prefix.length());
            String folder = slash < 0 ? "" : one.key().substring(0, slash + 1);
            boolean told = !folder.isEmpty() && (folders.contains(folder) || from.startsWith(folder));
            if (!told && count == most) {
                truncated = true;
                break;
            }
            last = one;
            if (slash < 0) {
                target.append(entry.of(one));
                count++;
            } else if (!told) {
                folders.add(folder);
                count++;
            }
        }
        folders.forEach(folder -> target.append("<CommonPrefixes><Prefix>" + folder + "</Prefix></CommonPrefixes>"));
        target.append("<IsTruncated>" + truncated + "</IsTruncated>");
        if (truncated && last != null) {
            target.append(next.of(last));
        }
    }
}
