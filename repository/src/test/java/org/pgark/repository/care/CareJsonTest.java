package org.pgark.repository.care;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.pgark.postgres.wal.WalSegmentName;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.json.JsonText;
import tools.jackson.core.JsonGenerator;

/** What the log says of damaged WAL, as it is written now and as it was before it said anything. */
class CareJsonTest {
    private static final WalSegmentName SEGMENT = WalSegmentName.parse("000000010000000000000007");

    @Test
    void anOldEntrySaysNothingOfWal() throws Exception {
        JsonObject old = parsed("{\"checks\":[],\"arc\":[],\"damaged\":[],\"mended\":[]}");

        assertThat(CareJson.report(old).wal()).isEqualTo(CheckReport.Wal.NONE);
    }

    @Test
    void anOldStateHasNoDamagedWal() throws Exception {
        JsonObject old = parsed("{\"holds\":[],\"checks\":[],\"expired_wal\":[],\"arcs\":[],\"damaged\":[]}");

        assertThat(CareJson.care(old)).isEqualTo(Care.NONE);
    }

    @Test
    void damagedWalIsReadAsItWasWritten() throws Exception {
        for (Depth depth : Depth.values()) {
            DamagedWal damaged = new DamagedWal(Map.of(SEGMENT, new DamagedWal.Finding(depth, "torn")));
            CheckReport report = CheckReport.ofWal(new CheckReport.Wal(depth, damaged, List.of(SEGMENT)));
            assertThat(CareJson.report(written(target -> CareJson.write(report, target))))
                    .isEqualTo(report);

            Care care = Care.NONE.checked(report, List.of(), Instant.EPOCH);
            assertThat(care.damagedWal()).isEqualTo(damaged);
            assertThat(CareJson.care(written(target -> CareJson.write(care, target))))
                    .isEqualTo(care);
        }
    }

    @Test
    void whatARestoreLeftIsReadAsItWasWrittenAndTheLaterEndCounts() throws Exception {
        Replay later = new Replay(Instant.EPOCH.plusSeconds(9), "there");
        Care care = Care.NONE.restored("b", later).restored("b", new Replay(Instant.EPOCH, "elsewhere"));

        assertThat(care.replays()).containsExactly(Map.entry("b", later));
        assertThat(CareJson.care(written(target -> CareJson.write(care, target))))
                .isEqualTo(care);
        assertThat(CareJson.replay(written(target -> CareJson.write("b", later, target))))
                .isEqualTo(later);
        assertThat(care.without(List.of("b"))).isEqualTo(Care.NONE);
        assertThat(care.released("b")).isEqualTo(Care.NONE);
    }

    @Test
    void arcsGoBehindOneAnotherInTheOrderOfTheLogWhateverClocksSay() throws Exception {
        Instant future = Instant.EPOCH.plusSeconds(1000);
        CheckedRing ring = CheckedRing.NONE.with(new Arc(0, 100), 5, future).with(new Arc(100, 50), 7, Instant.EPOCH);

        assertThat(ring.next()).isEqualTo(150);
        assertThat(ring.shareSince(6)).isEqualTo(50.0 / Arc.POINTS);
        assertThat(ring.shareSince(5)).isEqualTo(150.0 / Arc.POINTS);
        assertThat(ring.with(new Arc(Arc.POINTS - 10, 30), 9, Instant.EPOCH).next())
                .isEqualTo(20);

        Care care = Care.NONE.checked(
                new CheckReport(
                        Map.of(), Optional.of(new Arc(3, 4)), 12, DamagedFrames.NONE, List.of(), CheckReport.Wal.NONE),
                List.of(),
                Instant.EPOCH);
        assertThat(CareJson.care(written(target -> CareJson.write(care, target))))
                .isEqualTo(care);
        assertThat(care.ring().shareSince(12)).isPositive();
        assertThat(CareJson.care(parsed("{\"holds\":[],\"checks\":[],\"expired_wal\":[],\"arcs\":[{\"from\":0,\"to\":9,"
                                + "\"time\":\"2026-11-22T10:42:00Z\"}],\"damaged\":[]}"))
                        .ring()
                        .shareSince(1))
                .isZero();
    }

    @Test
    void onlyAReadingAsDeepTakesBackWhatWasFound() {
        DamagedWal records = new DamagedWal(Map.of(SEGMENT, new DamagedWal.Finding(Depth.RECORDS, "torn")));
        DamagedWal object = new DamagedWal(Map.of(SEGMENT, new DamagedWal.Finding(Depth.OBJECT, "flipped")));

        assertThat(records.without(List.of(SEGMENT), Depth.OBJECT)).isEqualTo(records);
        assertThat(records.without(List.of(SEGMENT), Depth.RECORDS)).isEqualTo(DamagedWal.NONE);
        assertThat(object.without(List.of(SEGMENT), Depth.OBJECT)).isEqualTo(DamagedWal.NONE);
        assertThat(records.and(object)).isEqualTo(records);
        assertThat(object.and(records)).isEqualTo(records);
    }

    private static JsonObject written(Consumer<JsonGenerator> body) throws Exception {
        return JsonObject.parse(JsonText.object(body));
    }

    private static JsonObject parsed(String json) throws Exception {
        return JsonObject.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
