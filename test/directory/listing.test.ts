import { describe, expect, it } from 'vitest';
import { type Candidate, candidate } from '../../src/directory/candidate.ts';
import { createListing } from '../../src/directory/listing.ts';
import type { Page } from '../../src/directory/pages.ts';
import { CloudFault } from '../../src/domain/ports.ts';
import { recordingLog } from '../huaweicloud/fake-parts.ts';
import { settle } from '../support/virtual-clock.ts';

const maxAge = 900_000;
const outage = new CloudFault('not-reached', 'no way there', { retryable: true });
const refused = new CloudFault('refused', 'not allowed', { status: 403, retryable: false });

const row = (id: string, name = id): Candidate => candidate({ id, words: name }, [id, name]);

/** A listing whose pages a test hands out one by one. */
const setUp = () => {
  let now = 0;
  const asked: (string | undefined)[] = [];
  const waiting: { answer: (page: Page<Candidate>) => void; fail: (error: unknown) => void }[] = [];
  const log = recordingLog();
  const listing = createListing({
    what: 'users',
    clock: { now: () => now },
    log,
    maxAge,
    read: (marker) => {
      asked.push(marker);
      return new Promise((answer, fail) => waiting.push({ answer, fail }));
    },
  });
  return {
    listing,
    asked,
    log,
    pass: (ms: number) => {
      now += ms;
    },
    page: async (ids: readonly string[], next?: string) => {
      waiting.shift()?.answer({ rows: ids.map((id) => row(id)), next });
      await settle();
    },
    fail: async (error: unknown) => {
      waiting.shift()?.fail(error);
      await settle();
    },
    ids: async () => (await listing.known().index.find('', 100)).choices.map(({ id }) => id),
  };
};

describe('a listing', () => {
  it('is not read before somebody asks', async () => {
    const { asked } = setUp();
    await settle();
    expect(asked).toEqual([]);
  });

  it('is read once for everybody, to its last page, by the markers of its pages', async () => {
    const { listing, asked, page } = setUp();
    const whole = [listing.whole(), listing.whole()];
    await page(['a'], 'm1');
    await page([], 'm2');
    await page(['b']);
    expect((await Promise.all(whole)).map(({ size }) => size)).toEqual([2, 2]);
    expect(asked).toEqual([undefined, 'm1', 'm2']);
  });

  it('is read anew when the clock was set back, also right after a failure', async () => {
    const { listing, asked, page, fail, pass } = setUp();
    const first = listing.whole();
    await page(['a']);
    await first;
    pass(-3_600_000);
    expect(listing.known()).toMatchObject({ stale: true });
    await fail(refused);
    pass(-3_600_000);
    const second = listing.whole();
    await page(['a', 'b']);
    expect((await second).size).toBe(2);
    expect(asked).toHaveLength(3);
  });

  it('answers with what has come so far while it is read for the first time', async () => {
    const { listing, page, ids } = setUp();
    expect(await ids()).toEqual([]);
    await page(['a'], 'm1');
    expect(await ids()).toEqual(['a']);
    expect(listing.known().at).toBeUndefined();
    await page(['b']);
    expect(await ids()).toEqual(['a', 'b']);
    expect(listing.known().at).toBe(0);
  });

  it('has each once, though one moved to a later page while they were read', async () => {
    const { listing, page, ids } = setUp();
    listing.known();
    await page(['a', 'b'], 'm1');
    await page(['b', 'c']);
    expect(await ids()).toEqual(['a', 'b', 'c']);
  });

  it('is read anew when it has its age, by itself never, and answers from the old one meanwhile', async () => {
    const { listing, asked, page, pass, ids } = setUp();
    listing.known();
    await page(['old']);
    pass(maxAge - 1);
    expect(await ids()).toEqual(['old']);
    expect(asked).toHaveLength(1);
    pass(1);
    expect(await ids()).toEqual(['old']);
    expect(asked).toHaveLength(2);
    await page(['new'], 'm1');
    expect(await ids()).toEqual(['old']);
    await page(['newer']);
    expect(await ids()).toEqual(['new', 'newer']);
  });

  it('is waited for only when there is none, or a stale one', async () => {
    const { listing, page, pass } = setUp();
    const first = listing.settled();
    await page(['a']);
    await first;
    pass(2 * maxAge - 1);
    await listing.settled();
    expect(listing.known().stale).toBe(false);
    await page(['b']);
    pass(2 * maxAge);
    expect(listing.known().stale).toBe(true);
    let settled = false;
    void listing.settled().then(() => {
      settled = true;
    });
    await settle();
    expect(settled).toBe(false);
    await page(['c']);
    expect(settled).toBe(true);
  });

  it('goes on at the page that an outage interrupted, after a rest', async () => {
    const { listing, asked, page, fail, pass, ids } = setUp();
    listing.known();
    await page(['a'], 'm1');
    await fail(outage);
    expect(await ids()).toEqual(['a']);
    expect(listing.known().failing).toBe(true);
    expect(asked).toHaveLength(2);
    pass(5_000);
    listing.known();
    await page(['b']);
    expect(asked).toEqual([undefined, 'm1', 'm1']);
    expect(await ids()).toEqual(['a', 'b']);
    expect(listing.known().failing).toBe(false);
  });

  it('begins again at the first page when going on is refused, or is too long ago', async () => {
    const { listing, asked, page, fail, pass } = setUp();
    listing.known();
    await page(['a'], 'm1');
    await fail(refused);
    pass(5_000);
    listing.known();
    await page(['a'], 'm1');
    await fail(outage);
    pass(maxAge);
    listing.known();
    expect(asked).toEqual([undefined, 'm1', undefined, 'm1', undefined]);
  });

  it('keeps answering from the old one when reading it anew fails, and says so in the log', async () => {
    const { listing, page, fail, pass, ids, log } = setUp();
    listing.known();
    await page(['a']);
    pass(2 * maxAge);
    listing.known();
    await fail(refused);
    expect(await ids()).toEqual(['a']);
    expect(listing.known()).toMatchObject({ stale: true, failing: true, at: 0 });
    expect((await listing.whole()).size).toBe(1);
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { what: 'users' } }]);
  });

  it('is a fault for who needs it whole when it cannot be read, and is not asked for again at once', async () => {
    const { listing, asked, fail } = setUp();
    const whole = listing.whole().catch((error: unknown) => error);
    await fail(refused);
    expect(await whole).toBe(refused);
    await expect(listing.whole()).rejects.toBe(refused);
    expect(asked).toHaveLength(1);
  });

  it('is a fault when a page comes again', async () => {
    const { listing, page } = setUp();
    const whole = listing.whole().catch(String);
    await page(['a'], 'm1');
    await page(['b'], 'm2');
    await page(['c'], 'm1');
    expect(await whole).toContain('repeats a page');
  });

  it('is a fault when it goes on for ever, each page with a marker of its own', async () => {
    let pages = 0;
    const listing = createListing({
      what: 'users',
      clock: { now: () => 0 },
      log: recordingLog(),
      maxAge,
      read: async () => {
        pages += 1;
        // So that the test ends where nothing else does.
        return { rows: [row(`u${pages % 7}`)], ...(pages < 20_000 && { next: `m${pages}` }) };
      },
    });
    expect(await listing.whole().catch(String)).toContain('did not end after 5,000 pages');
  });
});
