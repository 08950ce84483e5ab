import { realClock } from '../src/clock.ts';
import { startLocalCloud } from '../src/sandbox/cloud/local-cloud.ts';
import { Order } from './cloud-order.ts';
import { OrganisationName, organisations } from './organisations.ts';

const name = OrganisationName.parse(process.argv[2]);

const local = await startLocalCloud({
  now: () => realClock.now(),
  organisation: organisations[name]().organisation,
});
process.on('message', (message) => {
  const order = Order.parse(message);
  if (order.order === 'set') Object.assign(local.switches, order.switches);
  else process.send?.(local.calls.all.map(({ at, status }) => ({ at, status })));
});
process.on('disconnect', () => process.exit());
const { ak, sk, domainId, further } = local.credentials;
process.send?.({ url: local.url, region: local.region, domainId, keys: [{ ak, sk }, ...further] });
