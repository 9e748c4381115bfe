package org.pgark.repository.key;

import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.pgark.repository.frame.MalformedBytesException;
import org.pgark.repository.json.JsonObject;
import org.pgark.repository.json.JsonText;
import org.pgark.repository.seal.DataKey;
import org.pgark.repository.seal.Hkdf;

/** What a key ring holds: the root key, which never changes, and the data keys. Never printed. */
public final class KeyRing {
    private static final int KEY_LENGTH = 32;
    private static final String HEX_KEY = "[0-9a-f]{64}";

    private final byte[] root;
    private final NavigableMap<Integer, DataKey> dataKeys;
    private final Map<String, byte[]> wrappingKeys;

    private KeyRing(byte[] root, Map<Integer, DataKey> dataKeys, Map<String, byte[]> wrappingKeys) {
        this.root = root;
        this.dataKeys = Collections.unmodifiableNavigableMap(new TreeMap<>(dataKeys));
        this.wrappingKeys = Collections.unmodifiableMap(new TreeMap<>(wrappingKeys));
    }

    /** A new ring with one data key. */
    static KeyRing random(RandomGenerator random, Instant now) {
        byte[] root = new byte[KEY_LENGTH];
        random.nextBytes(root);
        return new KeyRing(root, Map.of(1, DataKey.random(1, random, now)), Map.of());
    }

    /** This ring with a further data key, which becomes the current one. */
    KeyRing withNewDataKey(RandomGenerator random, Instant now) {
        Map<Integer, DataKey> keys = new TreeMap<>(dataKeys);
        int number = current().number() + 1;
        keys.put(number, DataKey.random(number, random, now));
        return new KeyRing(root, keys, wrappingKeys);
    }

    /** This ring with other wrapping keys. */
    KeyRing withWrappingKeys(Map<String, byte[]> others) {
        return new KeyRing(root, dataKeys, others);
    }

    /** The wrapping keys of the recipients that have one, by name. */
    Map<String, byte[]> wrappingKeys() {
        return wrappingKeys;
    }

    /** The data keys by number. */
    public NavigableMap<Integer, DataKey> dataKeys() {
        return dataKeys;
    }

    /** The data key for new objects: the one of the greatest number. */
    public DataKey current() {
        return dataKeys.lastEntry().getValue();
    }

    /** A key for a purpose of this repository, derived from the root key. */
    byte[] derived(String repositoryId, String purpose, int length) {
        return Hkdf.derive(root, HexFormat.of().parseHex(repositoryId), purpose, length);
    }

    /** By what the ring is known: 32 hexadecimal digits that stay the same for ever and tell no key. */
    public String fingerprint(String repositoryId) {
        return HexFormat.of().formatHex(derived(repositoryId, "pgark fingerprint 1", 16));
    }

    /** As JSON, to be sealed. */
    byte[] encode() {
        HexFormat hex = HexFormat.of();
        return JsonText.object(json -> {
            json.writeStringProperty("root", hex.formatHex(root));
            json.writeArrayPropertyStart("data_keys");
            for (DataKey key : dataKeys.values()) {
                json.writeStartObject();
                json.writeNumberProperty("number", key.number());
                json.writeStringProperty("key", hex.formatHex(key.secret()));
                json.writeStringProperty("created", key.created().toString());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeObjectPropertyStart("wrapping_keys");
            wrappingKeys.forEach((name, key) -> json.writeStringProperty(name, hex.formatHex(key)));
            json.writeEndObject();
        });
    }

    /** Reads what {@link #encode} made. */
    static KeyRing decode(byte[] bytes) throws MalformedBytesException {
        return decode(JsonObject.parse(bytes));
    }

    static KeyRing decode(JsonObject json) throws MalformedBytesException {
        Map<Integer, DataKey> keys = new TreeMap<>();
        for (JsonObject key : json.objects("data_keys")) {
            int number = key.integer("number");
            if (number < 1
                    || keys.put(number, new DataKey(number, secret(key.text("key")), key.time("created"))) != null) {
                throw new MalformedBytesException("it has the data key " + number);
            }
        }
        if (keys.isEmpty()) {
            throw new MalformedBytesException("it has no data key");
        }
        Map<String, byte[]> wrappingKeys = new TreeMap<>();
        for (Map.Entry<String, String> entry : json.texts("wrapping_keys").entrySet()) {
            wrappingKeys.put(entry.getKey(), secret(entry.getValue()));
        }
        return new KeyRing(secret(json.text("root")), keys, wrappingKeys);
    }

    private static byte[] secret(String text) throws MalformedBytesException {
        if (!text.matches(HEX_KEY)) {
            throw new MalformedBytesException("it has a key that is not 64 hexadecimal digits");
        }
        return HexFormat.of().parseHex(text);
    }

    /** Does not tell the keys. */
    @Override
    public String toString() {
        return "key ring with " + dataKeys.size() + " data keys";
    }
}
