import { z } from 'zod';
import { type Cloud, CloudFault, type CloudRequest } from './ports.ts';
import { isRefusedForGood } from './refusal.ts';

/** Far above the published sizes (100,000 rows in pages of 100): a listing that goes on is a fault, not a list. */
export const mostPages = 5_000;

const faulty = (message: string) => new CloudFault('unexpected-answer', message, { retryable: true });

interface Page<Row> {
  readonly rows: Row[];
  readonly next?: string | null | undefined;
  /** Whether it says anything of a next page. */
  readonly tells: boolean;
}

const newPage = <Row>(rowsKey: string, row: z.ZodType<Row>): z.ZodType<Page<Row>> =>
  z
    .object({ page_info: z.object({ next_marker: z.string().nullish() }).optional() })
    .loose()
    .transform((body, context) => {
      const rows = z.array(row).safeParse(body[rowsKey]);
      const { page_info: info } = body;
      if (rows.success) return { rows: rows.data, next: info?.next_marker, tells: info !== undefined };
      context.addIssue({ code: 'custom', message: `"${rowsKey}" is not the agreed list`, path: [rowsKey] });
      return z.NEVER;
    });

const pages = new WeakMap<z.ZodType, Map<string, z.ZodType<Page<unknown>>>>();

/** The schema of a page, made once for each listing: making one costs more than reading a page with it. */
const pageOf = <Row>(rowsKey: string, row: z.ZodType<Row>): z.ZodType<Page<Row>> => {
  const ofRow = pages.get(row) ?? new Map<string, z.ZodType<Page<unknown>>>();
  pages.set(row, ofRow);
  const page = ofRow.get(rowsKey) ?? newPage(rowsKey, row);
  ofRow.set(rowsKey, page);
  // What is kept under a row's schema was made of it.
  return page as z.ZodType<Page<Row>>;
};

/**
 * Reads a listing to its last page. A short page is not the end; a missing, empty or null `next_marker` is
 * (Identity Center and identity store paging, also Organizations and IAM v5).
 * @throws {CloudFault} also when the cloud repeats a marker, or leaves out all of `page_info` on a full page, because then
 * the listing cannot be believed
 */
export const listAll = async <Row>(
  cloud: Cloud,
  request: Pick<CloudRequest<unknown>, 'service' | 'path' | 'query' | 'region' | 'account'>,
  rowsKey: string,
  row: z.ZodType<Row>,
  pageSize = 100,
): Promise<readonly Row[]> => {
  const page = pageOf(rowsKey, row);
  const rows: Row[] = [];
  const seen = new Set<string>();
  let marker: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const query = { ...request.query, limit: pageSize, ...(marker !== undefined && { marker }) };
    const { body } = await cloud.call({ ...request, method: 'GET', query, answer: page, effect: 'read' });
    rows.push(...body.rows);
    if (!body.tells && body.rows.length >= pageSize)
      throw faulty(`The listing of ${rowsKey} does not tell whether a full page is the last.`);
    if (!body.next) return rows;
    if (seen.has(body.next))
      throw faulty(`The listing of ${rowsKey} repeats a page, so it cannot be read to its end.`);
    seen.add(body.next);
    marker = body.next;
  }
  throw faulty(`The listing of ${rowsKey} did not end after ${mostPages} pages.`);
};

/** A reading that is begun before it is sure that anybody needs it: only whoever waits for it hears of its failure. */
export const ahead = <T>(reading: Promise<T>): Promise<T> => {
  reading.catch(() => undefined);
  return reading;
};

/**
 * A reading that a changing call needs right before it. When it goes wrong nothing was changed, whatever became of
 * the reading, and that is what the fault says.
 * @throws {CloudFault} `refused` or `not-reached`
 */
export const readFirst = async <T>(reading: Promise<T>): Promise<T> => {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof CloudFault)) throw error;
    if (error.family === 'refused' && (error.retryable || isRefusedForGood(error))) throw error;
    throw new CloudFault(
      'not-reached',
      `Nothing was changed, because reading first failed: ${error.message}`,
      {
        status: error.status,
        code: error.code,
        requestId: error.requestId,
        retryable: true,
        cause: error,
      },
    );
  }
};
