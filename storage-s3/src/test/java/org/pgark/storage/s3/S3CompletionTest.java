package org.pgark.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgark.storage.ObjectExistsException;
import org.pgark.storage.ObjectName;
import org.pgark.storage.ObjectStore;
import org.pgark.storage.ObjectStores;
import org.pgark.storage.ObjectWriter;
import org.pgark.storage.RepeatedRequests;
import org.pgark.storage.RepositoryUrl;
import org.pgark.testkit.FaultProxy;
import org.pgark.testkit.S3Proxy;
import org.pgark.testkit.Turn;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The last request of an upload in parts, which takes long, and whose answer may be lost. */
class S3CompletionTest {
    private static final int PART = 5 << 20;
    private static final int SIZE = PART + 1;
    private static final ObjectName NAME = new ObjectName("large");

    @TempDir
    private static Path folder;

    private static S3Proxy service;
    private static FaultProxy proxy;

    private ObjectStore store;
    private ObjectStore beside;
    private ObjectWriter writer;

    @BeforeAll
    static void startService() throws IOException {
        service = S3Proxy.start(folder, "bucket");
        proxy = FaultProxy.start(service.port());
    }

    @AfterAll
    static void stopService() throws IOException {
        proxy.close();
        service.close();
    }

    @BeforeEach
    void sendParts(TestInfo test) throws IOException {
        String prefix = Integer.toString(test.getDisplayName().hashCode() & Integer.MAX_VALUE)
                + test.getTestMethod().orElseThrow().getName();
        store = open("http://127.0.0.1:" + proxy.port(), prefix);
        beside = open(service.endpoint(), prefix);
        writer = store.create(NAME);
        writer.write(ByteBuffer.allocate(SIZE));
    }

    @AfterEach
    void close() throws IOException {
        assertThat(proxy.haveTurnsEnded()).isTrue();
        writer.close();
        beside.close();
        store.close();
    }

    private static ObjectStore open(String endpoint, String prefix) throws IOException {
        return ObjectStores.open(
                RepositoryUrl.parse("s3://bucket/" + prefix), S3ProxySettings.of(endpoint, folder, PART));
    }

    /** The upload has begun, and parts are sent by PUT: what is posted from now on is its completion. */
    private static void next(Turn... turns) {
        proxy.next("POST /bucket/", turns);
    }

    private static Turn said(int status, String code) {
        return new Turn.Answered(status, "<Error><Code>" + code + "</Code><Message>no</Message></Error>");
    }

    private static void put(ObjectStore store, String text) throws IOException {
        try (ObjectWriter other = store.create(NAME)) {
            other.write(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            other.commit();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "404, NoSuchUpload",
        "400, InvalidPart",
        "409, OperationAborted",
        "500, InternalError",
        "200, InternalError",
        "200, InvalidPart"
    })
    void whatIsDoneLaterIsOurs(int status, String code) throws IOException {
        next(new Turn.CutButDone(Duration.ofSeconds(1)), said(status, code));
        writer.commit();
        assertThat(beside.size(NAME)).hasValue(SIZE);
    }

    @ParameterizedTest
    @CsvSource({"404, NoSuchUpload", "400, InvalidPart", "200, PreconditionFailed", "412, PreconditionFailed"})
    void aNameThatAnotherHasTakenMeanwhileIsLost(int status, String code) throws IOException {
        next(new Turn.Overtaken(() -> put(beside, "other"), new Turn.CutButDone(Duration.ZERO)), said(status, code));
        assertThatThrownBy(() -> writer.commit()).isInstanceOf(ObjectExistsException.class);
        assertThat(beside.size(NAME)).hasValue(5);
    }

    @ParameterizedTest
    @CsvSource({"404, NoSuchUpload", "400, InvalidPart", "403, AccessDenied"})
    void whatIsRefusedAtOnceIsToldAtOnce(int status, String code) {
        next(said(status, code));
        long begin = System.nanoTime();
        assertThatThrownBy(() -> writer.commit())
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(ObjectExistsException.class)
                .hasMessageStartingWith("cannot write object \"large\" in ")
                .hasMessageEndingWith(": no (" + code + ", status " + status + ")");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void aLostAnswerIsAskedForAgain() throws IOException {
        next(new Turn.CutButDone(Duration.ZERO));
        writer.commit();
        assertThat(beside.size(NAME)).hasValue(SIZE);
    }

    @Test
    void anObjectThatNeverAppearsIsGivenUp() {
        S3Completion completion = new S3Completion(() -> ObjectHolder.NOBODYS, true, Duration.ofMillis(300));
        assertThatThrownBy(() -> completion.make(() -> {
                    throw S3Exception.builder()
                            .statusCode(404)
                            .numAttempts(2)
                            .awsErrorDetails(AwsErrorDetails.builder()
                                    .errorCode("NoSuchUpload")
                                    .errorMessage("no")
                                    .build())
                            .build();
                }))
                .hasMessage(
                        "no (NoSuchUpload, status 404); the service may still be joining the parts, but the object was"
                                + " not there after 0 s");
    }

    /** Longer than an answer to any other request is waited for. */
    @Test
    @Tag("slow")
    void aLongJoinIsWaitedFor() throws IOException {
        long before = RepeatedRequests.count();
        next(new Turn.AnsweredLate(Duration.ofSeconds(40)));
        writer.commit();
        assertThat(RepeatedRequests.count()).isEqualTo(before);
        assertThat(beside.size(NAME)).hasValue(SIZE);
    }
}
