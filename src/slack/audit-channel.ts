import type { LedgerRecord } from '../domain/facts.ts';
import type { Clock, Ledger, Log } from '../domain/ports.ts';
import { forFallback, forSlack } from '../domain/text.ts';
import { type Block, bold, leaf, line, moment, passage, richText, small, utc } from './blocks.ts';
import { createFollower, type Follower } from './follower.ts';
import type { Post, Poster } from './poster.ts';
import { lacksScope, type SlackFault, slackFault } from './slack-fault.ts';
import { createStubborn } from './stubborn.ts';
import { sentenceOf } from './words.ts';

/** A backlog is merged, but only as far as a person can still read it. */
const mostFacts = 20;
const mostCharacters = 3000;

/** Tries in a row after which the channel counts as unusable. */
const mostFailures = 3;

const isPosted = ({ fact }: LedgerRecord): boolean =>
  fact.fact !== 'card_posted' && fact.fact !== 'notified' && fact.fact !== 'cursor';

/** Measured as it is shown, because what deceives gets longer when it is made visible. */
const entry = (record: LedgerRecord): string =>
  forSlack(`${record.id} ${record.fact.fact}: ${sentenceOf(record.fact)}`, mostCharacters - 100);

/** The records that fit into one post: always at least one. */
const fitting = (records: readonly LedgerRecord[]): readonly LedgerRecord[] => {
  let length = 0;
  const end = records.findIndex((record, index) => {
    length += entry(record).length + 30;
    return index >= mostFacts || (index > 0 && length > mostCharacters);
  });
  return end === -1 ? records : records.slice(0, end);
};

interface AuditPost {
  readonly records: readonly LedgerRecord[];
  readonly last: LedgerRecord;
  /** Sequence number of the last fact in the previous post. */
  readonly after: number;
  readonly mayRepeat: boolean;
}

const trailOf = ({ last, after }: AuditPost): string => `after #${after} · ${last.seq}:${last.hash}`;

const markOf = ({ mayRepeat }: AuditPost): string =>
  mayRepeat ? 'May be a repeat: whether it was posted before is not known. ' : '';

const metadataOf = ({ last }: AuditPost) => ({
  event_type: 'portcullis_fact',
  event_payload: { id: last.id, seq: last.seq, fact: last.fact.fact, head: last.hash },
});

const render = (post: AuditPost): Post => {
  const { records } = post;
  const mark = markOf(post);
  const blocks: Block[] = records.map((record) =>
    richText(
      line(moment(record.at), leaf(` #${record.seq} `), bold(`${record.id} ${record.fact.fact} `)),
      line(passage(forSlack(sentenceOf(record.fact), mostCharacters - 100))),
    ),
  );
  const text = records.map((record) => `${utc(record.at)} #${record.seq} ${entry(record)}`).join('\n');
  return {
    text: forFallback(`${mark}${text}`, 3500),
    blocks: [...blocks, small(`${mark}${trailOf(post)}`)],
    metadata: metadataOf(post),
  };
};

/** In place of content that Slack refuses: one line of nothing but the bot's own words. */
const renderPlainly = (post: AuditPost): Post => {
  const facts = post.records.map(({ seq, id, fact }) => `#${seq} ${id} ${fact.fact}`).join(', ');
  return {
    text: `${markOf(post)}${facts}: Slack refused the full entry; it is in the ledger. ${trailOf(post)}`,
    metadata: metadataOf(post),
  };
};

/** Up to where facts may have been posted without anybody knowing: kept like a follower's position. */
const repeated = 'audit/repeated';

/** How far to look back for the last fact that was posted: those that are not posted stand in between. */
const lookBack = 200;

/** The sequence number that the newest post of an earlier run ended with. */
const lastPosted = async (ledger: Ledger, log: Log): Promise<number> => {
  const cursor = ledger.cursor('audit');
  try {
    const earlier = await ledger.read(Math.max(0, cursor - lookBack), Math.min(cursor, lookBack));
    return earlier.findLast(isPosted)?.seq ?? cursor;
  } catch (error) {
    // What is damaged must not keep from the channel what came after.
    log.error('What was posted last cannot be read, so the next audit post names the position instead', {
      seq: cursor,
      reason: error instanceof Error ? error.message : 'unknown',
    });
    return cursor;
  }
};

/** What to do about a post that failed; a token that is refused is told of where it is asked about. */
const remedyFor = (fault: SlackFault): string | undefined => {
  if (fault.kind === 'channel') return 'invite the bot, or correct AUDIT_CHANNEL';
  return lacksScope(fault) ? 'reinstall the app with the scopes of manifest.yml' : undefined;
};

/** Replays the ledger into the audit channel: in order, every fact, by a cursor. */
export const createAuditChannel = (options: {
  readonly ledger: Ledger;
  readonly poster: Poster;
  readonly clock: Clock;
  readonly log: Log;
  readonly channel: string;
  /** The last stop was not orderly, so the cursor may have fallen back behind what was posted. */
  readonly uncleanStop: boolean;
}): Follower & { readonly isUsable: () => boolean } => {
  const { ledger, poster, clock, log, channel } = options;
  // What was in the ledger then may stand in the channel already, and this run may be over before all of it is again.
  if (options.uncleanStop) void ledger.moveCursor(repeated, ledger.head().seq);
  const stubborn = createStubborn();
  let usable = true;
  let after: number | undefined;

  /** Where no answer tells whether it stands in the channel now, the next try may repeat it. */
  const tryPost = async (message: Post, upTo: number, signal: AbortSignal): Promise<void> => {
    try {
      await poster.post(channel, message, signal);
    } catch (error) {
      if (slackFault(error).mayBeDone) {
        await ledger.moveCursor(repeated, Math.max(upTo, ledger.cursor(repeated)));
      }
      throw error;
    }
  };

  const post = async (records: readonly LedgerRecord[], signal: AbortSignal): Promise<void> => {
    const [first] = records;
    const last = records.at(-1);
    if (first === undefined || last === undefined) return;
    const mayRepeat = first.seq <= ledger.cursor(repeated);
    const content = { records, last, after: after ?? (await lastPosted(ledger, log)), mayRepeat };
    try {
      await tryPost(render(content), last.seq, signal);
    } catch (error) {
      const fault = stubborn.faultOf(channel, error);
      usable = fault.kind !== 'channel' && fault.kind !== 'token';
      const remedy = remedyFor(fault);
      if (remedy !== undefined) {
        log.error(`The audit channel cannot be posted to; ${remedy}`, { channel, code: fault.code });
      }
      if (fault.kind !== 'content') throw error;
      await tryPost(renderPlainly(content), last.seq, signal);
      log.error('Slack refused an audit entry, so a plain line has taken its place', {
        seq: last.seq,
        code: fault.code,
      });
    }
    stubborn.over(channel);
    usable = true;
    after = last.seq;
  };

  const follower = createFollower({
    name: 'audit',
    ledger,
    clock,
    log,
    batch: 200,
    follow: async (records, signal) => {
      const posted = records.filter(isPosted);
      const now = fitting(posted);
      await post(now, signal);
      return now.length === posted.length ? (records.at(-1)?.seq ?? 0) : (now.at(-1)?.seq ?? 0);
    },
  });
  // A channel that takes nothing for a while is not usable either, whatever Slack says about it.
  return { ...follower, isUsable: () => usable && (follower.trouble() ?? 0) < mostFailures };
};
