package org.pgark.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionStringTest {
    @Test
    void readsKeywordsAndValuesWithBlanksAroundTheEqualsSign() throws Exception {
        assertThat(KeyValueString.parse(" host = db1   port=5433\tdbname =app "))
                .isEqualTo(Map.of(
                        ConnectionOption.HOST, "db1",
                        ConnectionOption.PORT, "5433",
                        ConnectionOption.DBNAME, "app"));
    }

    @Test
    void takesQuotedValuesAndEscapedCharactersAsTheyAre() throws Exception {
        assertThat(KeyValueString.parse("password='it\\'s a \\\\ = x' user=a\\ b options=''"))
                .isEqualTo(Map.of(
                        ConnectionOption.PASSWORD, "it's a \\ = x",
                        ConnectionOption.USER, "a b",
                        ConnectionOption.OPTIONS, ""));
    }

    @Test
    void readsNothingFromAnEmptyString() throws Exception {
        assertThat(KeyValueString.parse("  ")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            hostname=x            | invalid connection option "hostname"
            host=a pasword=b      | invalid connection option "pasword"
            mydb                  | missing "=" after "mydb" in connection info string
            password=top secret   | missing "=" after what follows the value of "password" in connection info string
            password='top secret  | unterminated quoted string in connection info string
            """)
    void refusesWhatIsNoConnectionStringWithoutShowingAValue(String text, String message) {
        assertThatThrownBy(() -> KeyValueString.parse(text))
                .isInstanceOf(InvalidConnectionSettingsException.class)
                .hasMessage(message);
    }

    @Test
    void readsAllPartsOfAUri() throws Exception {
        assertThat(ConnectionUri.parse(
                        "postgresql://joe:s%40crit@db1:5433,db2/app%20one?sslmode=require&connect_timeout=5"))
                .isEqualTo(Map.of(
                        ConnectionOption.USER, "joe",
                        ConnectionOption.PASSWORD, "s@crit",
                        ConnectionOption.HOST, "db1,db2",
                        ConnectionOption.PORT, "5433,",
                        ConnectionOption.DBNAME, "app one",
                        ConnectionOption.SSLMODE, "require",
                        ConnectionOption.CONNECT_TIMEOUT, "5"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            postgresql://                                  | {}
            postgres:///app                                | {DBNAME=app}
            postgresql://db1                               | {HOST=db1}
            postgresql://db1:5433                          | {HOST=db1, PORT=5433}
            postgresql://joe@                              | {USER=joe}
            postgresql://joe:@db1/                         | {USER=joe, HOST=db1}
            postgresql://[2001:db8::1]:5433/app            | {DBNAME=app, HOST=2001:db8::1, PORT=5433}
            postgresql://[::1],db2:5434                    | {HOST=::1,db2, PORT=,5434}
            postgresql://%2Fvar%2Frun%2Fpostgresql/app     | {DBNAME=app, HOST=/var/run/postgresql}
            postgresql:///app?host=/run/pg&port=5433       | {DBNAME=app, HOST=/run/pg, PORT=5433}
            postgresql://?ssl=true                         | {SSLMODE=require}
            postgresql:///?user=caf%C3%A9                  | {USER=café}
            """)
    void readsUrisWithPartsLeftOut(String text, String options) throws Exception {
        assertThat(ConnectionUri.parse(text)).hasToString(options);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            postgresql://[::1           | end of string reached when looking for matching "]" in IPv6 host address in URI
            postgresql://[]             | IPv6 host address may not be empty in URI
            postgresql://[::1]x         | unexpected character "x" after the IPv6 host address in URI, must be ":" or "/"
            postgresql:///a?x=1         | invalid URI query parameter: "x"
            postgresql:///a?user        | missing key/value separator "=" in URI query parameter: "user"
            postgresql:///a?user=a=b    | extra key/value separator "=" in URI query parameter: "user"
            postgresql://u:p%zz@h/a     | invalid percent-encoded token in the URI's password
            postgresql://u:p%4@h/a      | invalid percent-encoded token in the URI's password
            postgresql://h%00/a         | forbidden value %00 in percent-encoded value in the URI's host
            """)
    void refusesWhatIsNoUriWithoutShowingAPassword(String text, String message) {
        assertThatThrownBy(() -> ConnectionUri.parse(text))
                .isInstanceOf(InvalidConnectionSettingsException.class)
                .hasMessage(message);
    }
}
