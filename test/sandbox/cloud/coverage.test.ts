import { expect, test } from 'vitest';
import { coverage, coverageGaps } from '../../../src/sandbox/cloud/coverage.ts';
import { allRoutes } from '../../../src/sandbox/cloud/routes/all.ts';

const operations = allRoutes.map((route) => `${route.service}:${route.operation}`);

test('the table and the routes name the same operations', () => {
  expect(coverageGaps(operations, coverage)).toEqual([]);
});

test('a planted route that is not in the table is found', () => {
  expect(coverageGaps([...operations, 'identitycenter:Planted'], coverage)).toEqual([
    'identitycenter:Planted has a route, but the table does not say so',
  ]);
});

test('a route for something the table calls missing is found', () => {
  expect(coverageGaps([...operations, 'sts:AssumeAgency'], coverage)).toHaveLength(1);
});

test('an operation in the table without a route is found', () => {
  const [first = '', ...rest] = operations;
  expect(coverageGaps(rest, coverage)).toEqual([`${first} is in the table, but has no route`]);
});

test('a partial operation without a note is found', () => {
  const table = { ...coverage, 'sts:GetCallerIdentity': { level: 'partial', note: '' } } as const;
  expect(coverageGaps(operations, table)).toEqual(['sts:GetCallerIdentity needs a note']);
});

test('no operation has two routes, and no path leads to two operations', () => {
  expect(new Set(operations).size).toBe(operations.length);
  expect(new Set(allRoutes.map((route) => `${route.method} ${route.path}`)).size).toBe(allRoutes.length);
});
