package org.pgark.repository.json;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgark.repository.frame.MalformedBytesException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/** A JSON object that was read. What is missing or of another type is a {@link MalformedBytesException} that names it. */
public final class JsonObject {
    private final Map<String, Object> properties;

    private JsonObject(Map<String, Object> properties) {
        this.properties = properties;
    }

    /** Reads the UTF-8 bytes of one object. */
    public static JsonObject parse(byte[] bytes) throws MalformedBytesException {
        try (JsonParser parser = JsonText.FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedBytesException("it is no JSON object");
            }
            JsonObject object = readObject(parser);
            if (parser.nextToken() != null) {
                throw new MalformedBytesException("something follows its JSON object");
            }
            return object;
        } catch (JacksonException e) {
            throw new MalformedBytesException("its JSON is malformed: " + e.getOriginalMessage());
        }
    }

    private static JsonObject readObject(JsonParser parser) throws MalformedBytesException {
        Map<String, Object> properties = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (properties.put(name, readValue(parser, parser.nextToken())) != null) {
                throw new MalformedBytesException("its JSON has \"" + name + "\" twice");
            }
        }
        return new JsonObject(properties);
    }

    private static Object readValue(JsonParser parser, @Nullable JsonToken token) throws MalformedBytesException {
        if (token == null) {
            throw new MalformedBytesException("its JSON ends early");
        }
        return switch (token) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> {
                List<Object> values = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    values.add(readValue(parser, next));
                }
                yield values;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw new MalformedBytesException("its JSON has an unexpected " + token);
        };
    }

    private <T> T value(String name, Class<T> type, String word) throws MalformedBytesException {
        Object value = properties.get(name);
        if (!type.isInstance(value)) {
            throw new MalformedBytesException("its JSON has no " + word + " \"" + name + "\"");
        }
        return type.cast(value);
    }

    /** Whether there is a property of this name. */
    public boolean has(String name) {
        return properties.containsKey(name);
    }

    /** The names of all properties. */
    public Set<String> names() {
        return properties.keySet();
    }

    /** A text. */
    public String text(String name) throws MalformedBytesException {
        return value(name, String.class, "text");
    }

    /** A whole number. */
    public long number(String name) throws MalformedBytesException {
        return value(name, Long.class, "number");
    }

    /** A whole number of 32 bits. */
    public int integer(String name) throws MalformedBytesException {
        long number = number(name);
        if (number != (int) number) {
            throw new MalformedBytesException("its JSON has the number " + number + " as \"" + name + "\"");
        }
        return (int) number;
    }

    /** True or false. */
    public boolean flag(String name) throws MalformedBytesException {
        return value(name, Boolean.class, "flag");
    }

    /** A time in RFC 3339. */
    public Instant time(String name) throws MalformedBytesException {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeParseException e) {
            throw new MalformedBytesException("its JSON has the time \"" + text(name) + "\" as \"" + name + "\"");
        }
    }

    /** An object inside this one. */
    public JsonObject object(String name) throws MalformedBytesException {
        return value(name, JsonObject.class, "object");
    }

    /** An object inside this one, if there is one. */
    public Optional<JsonObject> optionalObject(String name) throws MalformedBytesException {
        return has(name) ? Optional.of(object(name)) : Optional.empty();
    }

    /** A text, if it is there. */
    public Optional<String> optionalText(String name) throws MalformedBytesException {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    /** An array of objects. */
    public List<JsonObject> objects(String name) throws MalformedBytesException {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : value(name, List.class, "array")) {
            if (!(element instanceof JsonObject object)) {
                throw new MalformedBytesException("its JSON has something else than objects in \"" + name + "\"");
            }
            objects.add(object);
        }
        return objects;
    }

    /** An array of texts. */
    public List<String> textList(String name) throws MalformedBytesException {
        List<String> texts = new ArrayList<>();
        for (Object element : value(name, List.class, "array")) {
            if (!(element instanceof String text)) {
                throw new MalformedBytesException("its JSON has something else than texts in \"" + name + "\"");
            }
            texts.add(text);
        }
        return texts;
    }

    /** An array of whole numbers. */
    public List<Long> numbers(String name) throws MalformedBytesException {
        List<Long> numbers = new ArrayList<>();
        for (Object element : value(name, List.class, "array")) {
            if (!(element instanceof Long number)) {
                throw new MalformedBytesException("its JSON has something else than numbers in \"" + name + "\"");
            }
            numbers.add(number);
        }
        return numbers;
    }

    /** An object whose properties are all texts. */
    public Map<String, String> texts(String name) throws MalformedBytesException {
        JsonObject object = object(name);
        Map<String, String> texts = new LinkedHashMap<>();
        for (String key : object.names()) {
            texts.put(key, object.text(key));
        }
        return texts;
    }
}
