package org.pgark.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.json.JsonText;

class BackupRecordJsonTest {
    private static final String ID = "20261122T104200Z-qk7d";

    private static String text(BackupRecord backup) {
        return new String(JsonText.object(json -> BackupRecordJson.write(backup, json)), StandardCharsets.UTF_8);
    }

    private static BackupRecord read(String text) throws MalformedBytesException {
        return BackupRecordJson.read(JsonObject.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsBackWhatItWrote() throws MalformedBytesException {
        BackupRecord backup = BackupRecords.of(ID, BackupRecords.root(), Optional.of(BackupRecords.root()));
        assertThat(read(text(backup))).isEqualTo(backup);
        BackupRecord unnamed = BackupRecords.of(ID, BackupRecords.root(), Optional.empty());
        assertThat(read(text(unnamed))).isEqualTo(unnamed);
    }

    @Test
    void isPlainToRead() {
        assertThat(text(BackupRecords.of(ID, BackupRecords.root(), Optional.empty())))
                .contains("\"id\":\"20261122T104200Z-qk7d\"")
                .contains("\"compression\":\"zstd:3\"")
                .contains("\"redo_lsn\":\"0/2000028\"")
                .contains("\"carried_from\":\"0000000200000000000000FE\"")
                .contains("\"users\":{\"4294967294\":\"nobody\",\"105\":\"postgres\"}");
    }

    @Test
    void saysWhatIsMissingOrWrong() {
        String text = text(BackupRecords.of(ID, BackupRecords.root(), Optional.empty()));
        assertThatThrownBy(() -> read(text.replace("\"redo_lsn\"", "\"other\"")))
                .isInstanceOf(MalformedBytesException.class)
                .hasMessage("its JSON has no text \"redo_lsn\"");
        assertThatThrownBy(() -> read(text.replace("\"incremental\"", "\"half\"")))
                .isInstanceOf(MalformedBytesException.class)
                .hasMessage("invalid kind of backup \"half\"");
        assertThatThrownBy(() -> read(text.replace("\"frame\":3", "\"frame\":-3")))
                .isInstanceOf(MalformedBytesException.class);
        assertThatThrownBy(() -> read(text.replace("\"frame\":3", "\"frame\":99999999999")))
                .isInstanceOf(MalformedBytesException.class);
        assertThatThrownBy(() -> read(text.substring(0, text.length() - 2)))
                .isInstanceOf(MalformedBytesException.class);
    }
}
