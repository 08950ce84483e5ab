import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countWords,
  grouped,
  longestMinutes,
  minutesWords,
  utcWords,
} from '../../src/domain/measure-words.ts';

describe('a number with its noun', () => {
  it.each([
    [0, '0 grants'],
    [1, '1 grant'],
    [2, '2 grants'],
    [5_000, '5,000 grants'],
    [1_234_567, '1,234,567 grants'],
  ])('%i is "%s"', (count, words) => {
    expect(countWords(count, 'grant')).toBe(words);
  });

  it('takes a plural of its own', () => {
    expect([1, 2].map((count) => countWords(count, 'person', 'people'))).toEqual(['1 person', '2 people']);
  });
});

it('a whole number has its thousands apart as in American English', () => {
  const format = new Intl.NumberFormat('en-US');
  fc.assert(
    fc.property(fc.maxSafeInteger(), (count) => {
      expect(grouped(count)).toBe(format.format(count));
    }),
  );
});

describe('a moment', () => {
  it('is told to the minute, in UTC and with its day', () => {
    expect(utcWords(Date.UTC(2026, 10, 22, 14, 30, 59))).toBe('2026-11-22 14:30 UTC');
  });

  it('may be unknown', () => {
    expect(utcWords(undefined)).toBe('an unknown time');
  });
});

describe('the longest of some durations', () => {
  it.each([
    [[], undefined],
    [['PT0S', 'soon', '', 'P', 'in PT8H', 'PT8H or so', 'P8H', '8H'], undefined],
    [['PT1H'], 60],
    [['PT1H', 'PT12H', 'PT8H'], 720],
    [['PT90M', 'PT1H'], 90],
    [['PT1H30M'], 90],
    [['PT10M30S'], 10],
    [['P1DT2H'], 1_560],
    [['P14D'], 20_160],
  ])('of %j is %s min', (durations, minutes) => {
    expect(longestMinutes(durations)).toBe(minutes);
  });

  it.each([
    [60, '1 h'],
    [720, '12 h'],
    [90, '90 min'],
  ])('%i min are told as %s', (minutes, words) => {
    expect(minutesWords(minutes)).toBe(words);
  });
});
