import { describe, expect, it } from 'vitest';
import { dateText } from '../../../src/sandbox/page/blocks/dates.ts';

/** 2014-02-18 06:39:42 in UTC, a Tuesday. */
const at = 1_392_705_582;
const clock = (now: string, timeZone = 'UTC') => ({ now: Date.parse(now), timeZone });
const far = clock('2020-01-01T00:00:00Z');

describe("a date in Slack's format", () => {
  it.each([
    ['{date_num}', '2014-02-18'],
    ['{date}', 'February 18th, 2014'],
    ['{date_short}', 'Feb 18, 2014'],
    ['{date_long}', 'Tuesday, February 18th, 2014'],
    ['{date_pretty}', 'February 18th, 2014'],
    ['{day_divider_pretty}', 'Tuesday, February 18th'],
    ['{time}', '6:39 AM'],
    ['{time_secs}', '6:39:42 AM'],
    ['{ago}', '5 years ago'],
    ['{date_short} at {time}', 'Feb 18, 2014 at 6:39 AM'],
    ['{nonsense} {time}', '{nonsense} 6:39 AM'],
  ])('%s reads %s', (format, expected) => {
    expect(dateText(at, format, '', far)).toBe(expected);
  });

  it.each([
    ['2014-02-18T23:00:00Z', 'today'],
    ['2014-02-19T01:00:00Z', 'yesterday'],
    ['2014-02-17T23:00:00Z', 'tomorrow'],
    ['2014-02-20T01:00:00Z', 'Feb 18, 2014'],
  ])('seen at %s is %s', (now, expected) => {
    expect(dateText(at, '{date_short_pretty}', '', clock(now))).toBe(expected);
  });

  it.each([
    ['2014-02-18T06:40:42Z', '1 minute ago'],
    ['2014-02-18T06:39:42Z', 'in 0 seconds'],
    ['2014-02-18T03:39:42Z', 'in 3 hours'],
  ])('seen at %s is %s', (now, expected) => {
    expect(dateText(at, '{ago}', '', clock(now))).toBe(expected);
  });

  it("is told in the reader's own zone", () => {
    expect(dateText(at, '{date_num} {time}', '', clock('2014-03-01T00:00:00Z', 'America/Los_Angeles'))).toBe(
      '2014-02-17 10:39 PM',
    );
  });

  it.each([
    ['1st', '2014-02-01'],
    ['2nd', '2014-02-02'],
    ['3rd', '2014-02-03'],
    ['11th', '2014-02-11'],
    ['22nd', '2014-02-22'],
  ])('has the ordinal %s', (expected, date) => {
    expect(dateText(Date.parse(date) / 1000, '{date}', '', far)).toBe(`February ${expected}, 2014`);
  });

  it('that no calendar holds reads as its fallback', () => {
    expect(dateText(1e15, '{date}', 'some day', far)).toBe('some day');
  });
});
