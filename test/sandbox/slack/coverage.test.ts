import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { coverage } from '../../../src/sandbox/slack/coverage.ts';
import { methods } from '../../../src/sandbox/slack/methods/all.ts';

const vendorMethods = (): string[] => {
  const file = createRequire(import.meta.url).resolve('@slack/web-api');
  const source = readFileSync(file.replace(/index\.js$/, 'methods.js'), 'utf8');
  return [...source.matchAll(/bindApiCall\w*\(this, '([^']+)'/g)].map(([, name = '']) => name);
};

const stated = (name: string) => {
  if (coverage[name] !== undefined) return coverage[name];
  const family = Object.keys(coverage).find((key) => key.endsWith('.*') && name.startsWith(key.slice(0, -1)));
  return family === undefined ? undefined : coverage[family];
};

describe('the table of coverage', () => {
  it('calls every method missing that has no route, and no other', () => {
    const claimed = Object.keys(coverage).filter((name) => coverage[name]?.state !== 'missing');
    expect(claimed.toSorted()).toEqual([...methods.keys()].toSorted());
  });

  it("says something about every method of the vendor's client", () => {
    const names = vendorMethods();
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name) => stated(name) === undefined)).toEqual([]);
  });

  it('names no method twice or wrongly', () => {
    const known = new Set([...vendorMethods(), ...methods.keys()]);
    const invented = Object.keys(coverage).filter((name) => !name.endsWith('.*') && !known.has(name));
    expect(invented).toEqual([]);
  });
});
