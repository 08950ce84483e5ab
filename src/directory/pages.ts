import { z } from 'zod';
import { mostPages } from '../domain/listing.ts';
import { grouped } from '../domain/measure-words.ts';
import { type Cloud, CloudFault, type CloudRequest } from '../domain/ports.ts';

/** One page of a listing; no `next` on the last one. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next?: string | undefined;
}

/** Reads the page that a marker stands for, the first one without. @throws {CloudFault} */
export type ReadPage<Row> = (marker: string | undefined) => Promise<Page<Row>>;

type Place = Pick<CloudRequest<unknown>, 'service' | 'path' | 'query' | 'region'>;

/** Reads one page (Identity Center, identity store, Organizations). A short one need not be the last. */
export const readPage = async <Row>(
  cloud: Cloud,
  place: Place,
  rowsKey: string,
  row: z.ZodType<Row>,
  marker: string | undefined,
  limit = 100,
): Promise<Page<Row>> => {
  const answer = z
    .object({ page_info: z.object({ next_marker: z.string().nullish() }).optional() })
    .and(z.object({ [rowsKey]: z.array(row) }))
    .transform(
      (body): Page<Row> => ({ rows: body[rowsKey] ?? [], next: body.page_info?.next_marker || undefined }),
    );
  const query = { ...place.query, limit, ...(marker !== undefined && { marker }) };
  const { body } = await cloud.call({ ...place, method: 'GET', query, answer, effect: 'read' });
  return body;
};

/** A listing that is being read, page by page. What was read stays when a page fails, and reading goes on there. */
export interface Reading<Row> {
  /** Reads on to the last page, and hands over each page's rows, waiting until they are taken. @throws {CloudFault} */
  toTheEnd(take: (rows: readonly Row[]) => Promise<void>): Promise<void>;
}

const endless = (words: string) => new CloudFault('unexpected-answer', words, { retryable: false });

/** @throws {CloudFault} also when a page comes again or very many come, because then the listing has no end */
export const createReading = <Row>(read: ReadPage<Row>): Reading<Row> => {
  const seen = new Set<string | undefined>();
  let marker: string | undefined;
  return {
    async toTheEnd(take) {
      for (;;) {
        const { rows, next } = await read(marker);
        await take(rows);
        if (next === undefined) return;
        seen.add(marker);
        if (seen.has(next)) throw endless('The listing repeats a page, so it has no end.');
        if (seen.size >= mostPages)
          throw endless(`The listing did not end after ${grouped(mostPages)} pages.`);
        marker = next;
      }
    },
  };
};
