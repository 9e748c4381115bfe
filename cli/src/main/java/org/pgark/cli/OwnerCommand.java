package org.pgark.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.pgark.cli.process.Owner;
import org.pgark.cli.process.OwnerSwitch;
import org.pgark.physical.failure.FailedException;
import org.pgark.physical.failure.OperationException;
import org.pgark.physical.failure.RefusedException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A command of pgark that runs as another user beside this one, and tells its result as JSON. */
final class OwnerCommand {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Owner owner;
    private final List<String> arguments;

    /** @param arguments what follows {@code pgark}, {@code --json} among them */
    OwnerCommand(Owner owner, List<String> arguments) {
        this.owner = owner;
        this.arguments = arguments;
    }

    /**
     * Runs it and returns its result.
     *
     * @throws OperationException with the error that the command told, if it told one
     */
    JsonNode run() throws IOException, OperationException {
        Process process = OwnerSwitch.command(owner, arguments)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .start();
        java.util.concurrent.FutureTask<byte[]> errors = new java.util.concurrent.FutureTask<>(
                () -> process.getErrorStream().readAllBytes());
        Thread.ofPlatform().daemon().name("errors of the owner's command").start(errors);
        try {
            String result = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() == 0) {
                return MAPPER.readTree(result);
            }
            throw told(process.exitValue(), new String(errors.get(), StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new java.io.InterruptedIOException("interrupted").initCause(e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IOException("cannot read what the command of user \"" + owner + "\" says", e);
        } finally {
            process.destroy();
        }
    }

    private OperationException told(int exitCode, String errors) throws IOException {
        for (String line : errors.lines().toList()) {
            JsonNode error = error(line);
            if (error.isObject()) {
                String code = error.path("code").asString();
                String message = error.path("message").asString();
                String hint = error.path("hint").asString("");
                return exitCode == ExitCode.REFUSED.number()
                        ? new RefusedException(code, message, hint)
                        : new FailedException(code, message, hint);
            }
        }
        throw new IOException("the command of user \"" + owner + "\" failed: " + errors.strip());
    }

    /** The error of a line; no object if it is a line of the launcher's or of this Java. */
    private static JsonNode error(String line) {
        try {
            return MAPPER.readTree(line).path("error");
        } catch (JacksonException e) {
            return MAPPER.missingNode();
        }
    }
}
