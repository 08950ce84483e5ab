import { z } from 'zod';

/** What a benchmark asks of the process that is its cloud. */
export const Order = z.discriminatedUnion('order', [
  z.object({
    order: z.literal('set'),
    switches: z.object({
      /** How long the cloud takes for each answer, in ms. */
      latencyMs: z.number().optional(),
      deletionDelayMs: z.number().optional(),
      /** Calls a second for each operation. */
      ratePerSecond: z.number().optional(),
    }),
  }),
  z.object({ order: z.literal('report') }),
]);
export type Order = z.infer<typeof Order>;

/** Every call that the cloud saw, in order. */
export const Report = z.array(z.object({ at: z.number(), status: z.number().nullable() }));
