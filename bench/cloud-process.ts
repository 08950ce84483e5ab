import { z } from 'zod';
import { realClock } from '../src/clock.ts';
import { startLocalCloud } from '../src/sandbox/cloud/local-cloud.ts';
import { organisations } from './organisations.ts';

const name = z.enum(['large', 'wide']).parse(process.argv[2]);
const Order = z.object({ latencyMs: z.number() });

const local = await startLocalCloud({
  now: () => realClock.now(),
  organisation: organisations[name]().organisation,
});
process.on('message', (order) => {
  local.switches.latencyMs = Order.parse(order).latencyMs;
});
process.on('disconnect', () => process.exit());
process.send?.({ url: local.url, region: local.region, ...local.credentials });
