package org.pgark.repository.json;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes one JSON object. */
public final class JsonText {
    /** Knows how to read and write; making it is dear. */
    static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /** The UTF-8 bytes of an object with the properties that {@code properties} writes. */
    public static byte[] object(Consumer<JsonGenerator> properties) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator generator = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            generator.writeStartObject();
            properties.accept(generator);
            generator.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
