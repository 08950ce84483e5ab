import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { variables } from '../src/config.ts';

const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
const lines = text.split('\n');

interface Line {
  readonly name: string;
  readonly active: boolean;
  readonly value: string;
  readonly at: number;
}

const settings: readonly Line[] = lines.flatMap((line, at) => {
  const [, mark, name, value] = /^(# )?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [{ name, active: mark === undefined, value, at }];
});

/** The comment block that stands above a setting; settings directly above share it. */
const commentAbove = (at: number): string => {
  const above = lines.slice(0, at).reverse();
  const end = above.findIndex((line) => !line.startsWith('#'));
  return above
    .slice(0, end)
    .filter((line) => !/^# [A-Z0-9_]+=/.test(line))
    .join('\n');
};

describe('.env.example', () => {
  it('lists exactly the variables that are read, each once', () => {
    expect(settings.map(({ name }) => name).toSorted()).toEqual(variables.map(({ name }) => name).toSorted());
  });

  it('has the mandatory ones open to be filled in, in front, and everything else commented out', () => {
    const mandatory = variables.filter((variable) => variable.mandatory).map(({ name }) => name);
    expect(settings.filter(({ active }) => active).map(({ name }) => name)).toEqual(mandatory);
    expect(Object.keys(parse(text))).toEqual(mandatory);
    const transport = ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'];
    const lastMandatory = Math.max(...settings.filter(({ active }) => active).map(({ at }) => at));
    const inFront = settings.filter(({ active, at }) => !active && at < lastMandatory);
    expect(inFront.map(({ name }) => name)).toEqual(transport);
  });

  it('shows the defaults that count', () => {
    expect(Object.fromEntries(settings.map(({ name, value }) => [name, value]))).toEqual(
      Object.fromEntries(variables.map(({ name, fallback = '' }) => [name, fallback])),
    );
  });

  it.each(settings)('says above $name what it is', ({ at }) => {
    expect(commentAbove(at).length).toBeGreaterThan(10);
  });
});
