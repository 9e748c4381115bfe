package org.pgark.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TestClusterTest {
    @ParameterizedTest
    @ValueSource(ints = {13, 14, 15, 16, 17, 18})
    void everyMajorKeepsACommitThroughSigkill(int major) throws Exception {
        try (TestCluster cluster = TestCluster.of(major).walSegmentMegabytes(1).started()) {
            cluster.execute("create table note (text text); insert into note values ('kept')");
            cluster.kill();
            assertThat(cluster.cluster().running()).isFalse();

            cluster.start();

            assertThat(cluster.query("select text from note")).isEqualTo("kept");
            assertThat(cluster.query("show server_version_num")).startsWith(Integer.toString(major));
        }
    }

    @Test
    void clustersOfOneTemplateAreStrangersToEachOther() throws Exception {
        try (TestCluster one = TestCluster.of(18).walSegmentMegabytes(1).started();
                TestCluster other = TestCluster.of(18).walSegmentMegabytes(1).started()) {
            String identifier = "select system_identifier from pg_control_system()";
            assertThat(one.query(identifier)).isNotEqualTo(other.query(identifier));
        }
    }
}
