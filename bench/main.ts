import '../src/engine.ts';
import { acks } from './acks.ts';
import { crowd } from './crowd.ts';
import { impact } from './impact.ts';
import { ledger } from './ledger.ts';
import { lookups } from './lookups.ts';
import { signing } from './signing.ts';
import { start } from './start.ts';
import { type Benchmark, table } from './table.ts';
import { throughput } from './throughput.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = {
  lookups,
  impact,
  signing,
  start,
  crowd,
  ledger,
  throughput,
  acks,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benchmarks));
if (asked.length === 0 || unknown.length > 0) {
  const names = Object.keys(benchmarks).join(', ');
  if (unknown.length > 0) console.error(`There is no benchmark ${unknown.join(', ')}.`);
  console.error(`Name one or more of: ${names}`);
  process.exitCode = 64;
} else {
  for (const name of asked) {
    const rows = (await benchmarks[name]?.()) ?? [];
    console.log(`\n${name}\n${table(rows)}`);
  }
}
