import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ahead, listAll, readFirst } from '../../src/domain/listing.ts';
import { type Cloud, CloudFault } from '../../src/domain/ports.ts';

const Row = z.object({ id: z.string() });

/** A cloud that answers page after page, and remembers the queries. */
const pages = (...bodies: readonly unknown[]) => {
  const queries: unknown[] = [];
  const cloud: Cloud = {
    call: async (request) => {
      const body = bodies[queries.length] ?? bodies.at(-1);
      queries.push(request.query);
      const parsed = request.answer.safeParse(body);
      if (!parsed.success) throw new CloudFault('unexpected-answer', 'wrong form', { retryable: false });
      return { body: parsed.data, status: 200 };
    },
  };
  return { cloud, queries };
};
const page = (ids: readonly string[], info?: unknown) => ({
  rows: ids.map((id) => ({ id, secret: 's' })),
  ...(info !== undefined && { page_info: info }),
});
const list = (cloud: Cloud) =>
  listAll(cloud, { service: 'identitycenter', path: ['v1'], query: { filter: 'f' } }, 'rows', Row, 3);

describe('a listing', () => {
  it.each([
    ['null', { next_marker: null }],
    ['an empty marker', { next_marker: '' }],
    ['a missing marker', { current_count: 1 }],
    ['no page information', undefined],
  ])('ends with %s', async (_name, info) => {
    const { cloud, queries } = pages(page(['a'], info), page(['never']));
    expect(await list(cloud)).toEqual([{ id: 'a' }]);
    expect(queries).toEqual([{ filter: 'f', limit: 3 }]);
  });

  it('goes on after short and empty pages, and keeps every query', async () => {
    const { cloud, queries } = pages(
      page(['a', 'b', 'c'], { next_marker: 'm1' }),
      page([], { next_marker: 'm2' }),
      page(['d'], { next_marker: 'm3' }),
      page(['e'], { next_marker: null }),
    );
    expect((await list(cloud)).map((row) => row.id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(queries).toEqual([
      { filter: 'f', limit: 3 },
      { filter: 'f', limit: 3, marker: 'm1' },
      { filter: 'f', limit: 3, marker: 'm2' },
      { filter: 'f', limit: 3, marker: 'm3' },
    ]);
  });

  it('is not believed to end with a full page that tells nothing of a next one', async () => {
    const { cloud } = pages(page(['a', 'b', 'c'], { next_marker: 'm1' }), page(['d', 'e', 'f']));
    await expect(list(cloud)).rejects.toMatchObject({ family: 'unexpected-answer', retryable: true });
    const told = pages(page(['a', 'b', 'c'], { current_count: 3 }));
    expect(await list(told.cloud)).toHaveLength(3);
  });

  it('is not believed when a marker comes twice', async () => {
    const circle = pages(
      page(['a'], { next_marker: 'm1' }),
      page(['b'], { next_marker: 'm2' }),
      page(['c'], { next_marker: 'm1' }),
    );
    await expect(list(circle.cloud)).rejects.toThrow('repeats a page');
    expect(circle.queries).toHaveLength(3);
    await expect(list(pages(page(['a'], { next_marker: 'm' })).cloud)).rejects.toMatchObject({
      family: 'unexpected-answer',
      retryable: true,
    });
  });

  it('is not believed when it never ends', async () => {
    let calls = 0;
    const cloud: Cloud = {
      call: async (request) => {
        calls += 1;
        return { body: request.answer.parse(page([], { next_marker: `m${calls}` })), status: 200 };
      },
    };
    await expect(list(cloud)).rejects.toThrow('did not end');
    expect(calls).toBe(5_000);
  });

  it.each([
    ['no list', {}],
    ['a list of something else', { rows: [{ name: 'a' }] }],
    ['one wrong row among good ones', { rows: [{ id: 'a' }, { id: 7 }] }],
    ['null', { rows: null }],
    ['a marker that is no text', { ...page(['a']), page_info: { next_marker: 7 } }],
  ])('is refused as a whole for %s', async (_name, body) => {
    await expect(list(pages(body).cloud)).rejects.toMatchObject({
      family: 'unexpected-answer',
      message: 'wrong form',
    });
  });
});

it('is a reading, and asked for as one', async () => {
  const asked: unknown[] = [];
  const cloud: Cloud = {
    call: async (request) => {
      asked.push([request.method, request.effect, request.service, request.path]);
      return { body: request.answer.parse(page([])), status: 200 };
    },
  };
  await list(cloud);
  expect(asked).toEqual([['GET', 'read', 'identitycenter', ['v1']]]);
});

it('says which list is not the agreed one', async () => {
  let issues: unknown;
  const cloud: Cloud = {
    call: async (request) => {
      issues = request.answer.safeParse({ rows: 7 }).error?.issues;
      throw new CloudFault('unexpected-answer', 'wrong form', { retryable: false });
    },
  };
  await expect(list(cloud)).rejects.toThrow('wrong form');
  expect(issues).toEqual([{ code: 'custom', message: '"rows" is not the agreed list', path: ['rows'] }]);
});

describe('a reading that a changing call needs first', () => {
  const facts = { status: 503, code: 'IIC.5', requestId: 'r-1' };

  it('is what it read', async () => {
    expect(await readFirst(Promise.resolve('read'))).toBe('read');
  });

  it.each(['not-reached', 'too-late', 'unexpected-answer'] as const)(
    'says that nothing was changed when it fails: %s',
    async (family) => {
      const cause = new CloudFault(family, 'the cloud is away', { ...facts, retryable: false });
      await expect(readFirst(Promise.reject(cause))).rejects.toMatchObject({
        ...facts,
        name: 'CloudFault',
        family: 'not-reached',
        message: 'Nothing was changed, because reading first failed: the cloud is away',
        retryable: true,
        cause,
      });
    },
  );

  it('says that nothing was changed when what refused it may be a proxy', async () => {
    const cause = new CloudFault('refused', 'a page', { status: 403, code: '403', retryable: false });
    await expect(readFirst(Promise.reject(cause))).rejects.toMatchObject({
      family: 'not-reached',
      retryable: true,
    });
  });

  it.each([new CloudFault('refused', 'no right', { retryable: false }), new TypeError('our mistake')])(
    'passes on what is no matter of reaching the cloud: %s',
    async (error) => {
      await expect(readFirst(Promise.reject(error))).rejects.toBe(error);
    },
  );
});

it('is heard of only by whoever waits for it, where it was begun ahead', async () => {
  const unheard: unknown[] = [];
  const listen = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', listen);
  const reading = ahead(Promise.reject(new Error('away')));
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  process.off('unhandledRejection', listen);
  await expect(reading).rejects.toThrow('away');
  expect(unheard).toEqual([]);
});
