package org.pgark.logical.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.pgark.logical.archive.NameQuoting;
import org.pgark.logical.catalog.DumpException;
import org.pgark.logical.catalog.SqlWords;

class PrivilegeCommandsTest {
    private static final PrivilegeCommands COMMANDS =
            new PrivilegeCommands(new SqlWords(NameQuoting.WHERE_NEEDED, true), 18);
    private static final String BUILT_IN = "{joe=arwdDxtm/joe}";

    @Test
    void saysNothingWhereNothingWasChanged() {
        assertThat(table("", BUILT_IN)).isEmpty();
        assertThat(table(BUILT_IN, BUILT_IN)).isEmpty();
    }

    @Test
    void revokesFirstAndLetsTheOwnersOwnGrantsComeBeforeOthers() {
        assertThat(table("{=r/joe,joe=r/joe}", BUILT_IN)).isEqualTo("""
            REVOKE ALL ON TABLE s.t FROM joe;
            GRANT SELECT ON TABLE s.t TO joe;
            GRANT SELECT ON TABLE s.t TO PUBLIC;
            """);
    }

    @Test
    void tellsPrivilegesThatMayBeGrantedOnFromOthers() {
        assertThat(table("{joe=arwdDxtm/joe,amy=r*w/joe,bob=a*r*w*d*D*x*t*m*/joe}", BUILT_IN))
                .isEqualTo("""
                    GRANT UPDATE ON TABLE s.t TO amy;
                    GRANT SELECT ON TABLE s.t TO amy WITH GRANT OPTION;
                    GRANT ALL ON TABLE s.t TO bob WITH GRANT OPTION;
                    """);
    }

    @Test
    void becomesTheOneWhoGranted() {
        assertThat(table("{joe=arwdDxtm/joe,\"\\\"o d\\\"=r/amy\"}", BUILT_IN)).isEqualTo("""
            SET SESSION AUTHORIZATION amy;
            GRANT SELECT ON TABLE s.t TO "o d";
            RESET SESSION AUTHORIZATION;
            """);
    }

    @Test
    void knowsWhatTheEmulatedVersionKnows() {
        PrivilegeCommands old = new PrivilegeCommands(new SqlWords(NameQuoting.WHERE_NEEDED, true), 15);
        assertThat(old.commands("TABLE", "t", "", "", "joe", "{amy=arwdDxt/joe}", "{amy=arwdDxt/joe,joe=m/joe}"))
                .isEmpty();
        assertThat(old.commands("TABLE", "t", "", "", "joe", "{amy=arwdDxt/joe}", "{}"))
                .isEqualTo("GRANT ALL ON TABLE t TO amy;\n");
        assertThat(table("{amy=arwdDxt/joe}", "{}"))
                .isEqualTo("GRANT SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE ON TABLE s.t TO amy;\n");
    }

    @Test
    void writesPrivilegesOnColumns() {
        assertThat(COMMANDS.commands("TABLE", "t", "\"a b\"", "s", "joe", "{amy=arwx/joe,bob=r*/joe}", "{}"))
                .isEqualTo("""
                    GRANT ALL("a b") ON TABLE s.t TO amy;
                    GRANT SELECT("a b") ON TABLE s.t TO bob WITH GRANT OPTION;
                    """);
    }

    @Test
    void writesDefaultPrivileges() {
        assertThat(COMMANDS.defaults("TABLES", "s", "joe", "{amy=r/joe}", "{}"))
                .isEqualTo("ALTER DEFAULT PRIVILEGES FOR ROLE joe IN SCHEMA s GRANT SELECT ON TABLES TO amy;\n");
        assertThat(COMMANDS.defaults("FUNCTIONS", "", "joe", "{joe=X/joe}", "{=X/joe,joe=X/joe}"))
                .isEqualTo("ALTER DEFAULT PRIVILEGES FOR ROLE joe REVOKE ALL ON FUNCTIONS FROM PUBLIC;\n");
    }

    @Test
    void refusesWhatIsNoAcl() {
        assertThatThrownBy(() -> table("{nonsense}", BUILT_IN))
                .isInstanceOf(DumpException.class)
                .hasMessage(
                        "could not parse ACL list ({nonsense}) or default (" + BUILT_IN + ") for object \"t\" (TABLE)");
    }

    private static String table(String granted, String base) {
        return COMMANDS.commands("TABLE", "t", "", "s", "joe", granted, base);
    }
}
