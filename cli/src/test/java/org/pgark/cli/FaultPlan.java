package org.pgark.cli;

import java.util.Random;
import org.pgark.testkit.FaultProxy;

/**
 * What befalls the requests of one command.
 *
 * @param share of all requests that are struck by chance
 * @param damaged share of the objects that arrive with another byte when they are read
 * @param passed so many requests pass before the answers
 * @param status the service answers with this then; 0 resets connections
 * @param answers how often it does so
 */
record FaultPlan(double share, double damaged, int passed, int status, int answers) {
    private static final int FOR_EVER = 1_000_000;
    private static final int[] BUSY = {500, 503, 429};

    /** @param severe whether it may take a command minutes to get through, or to give up */
    static FaultPlan drawn(Random random, boolean severe) {
        int passed = random.nextInt(random.nextBoolean() ? 30 : 120);
        int busy = BUSY[random.nextInt(BUSY.length)];
        return switch (random.nextInt(severe ? 8 : 5)) {
            case 0 -> new FaultPlan(0.02 + 0.08 * random.nextDouble(), 0, 0, 0, 0);
            case 1 -> new FaultPlan(0.02, 0.15 * random.nextDouble(), 0, 0, 0);
            case 2 -> new FaultPlan(0.01, 0, passed, busy, 1 + random.nextInt(3));
            case 3 -> new FaultPlan(0.01, 0, passed, 403, FOR_EVER);
            case 4 -> new FaultPlan(0.02, 0, passed, 404, random.nextBoolean() ? 1 : FOR_EVER);
            case 5 -> new FaultPlan(0.1 + 0.3 * random.nextDouble(), 0.05, 0, 0, 0);
            case 6 -> new FaultPlan(0.02, 0, passed, busy, 4 + random.nextInt(40));
            default -> new FaultPlan(0.02, 0, passed, random.nextBoolean() ? 0 : busy, FOR_EVER);
        };
    }

    void strike(FaultProxy proxy, long seed) {
        proxy.strike(share, seed);
        proxy.damageContents(damaged);
        proxy.answerAfter(passed, status, answers);
    }
}
