import { Fact, type LedgerRecord } from '../../src/domain/facts.ts';
import { type InForce, inForceAfter, nothingInForce } from '../../src/domain/in-force.ts';
import { type Clock, type Ledger, LedgerFault } from '../../src/domain/ports.ts';
import { isWork, type Summary, summarise } from '../../src/domain/summary.ts';

/** What several instances of the bot share: the table of facts, as a database would hold it. */
export interface MemoryStore {
  readonly records: LedgerRecord[];
  /** The same records by their streams. */
  readonly streams: Map<string, LedgerRecord[]>;
  readonly summaries: Map<string, Summary>;
  readonly once: Map<string, { readonly id: string; readonly seq: number }>;
  readonly cursors: Map<string, number>;
  readonly leases: Map<string, { readonly holder: symbol; readonly until: number }>;
  readonly wakes: Set<() => void>;
  inForce: InForce;
  /** While set, every append fails with these words. */
  trouble: string | undefined;
}

const genesis = '0'.repeat(64);

/** What is on record is handed out as it is, so nobody may change it. */
const frozen = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
};

export const createMemoryStore = (): MemoryStore => ({
  records: [],
  streams: new Map(),
  summaries: new Map(),
  once: new Map(),
  cursors: new Map(),
  leases: new Map(),
  wakes: new Set(),
  inForce: nothingInForce,
  trouble: undefined,
});

/** One instance's view of a shared store. Closing it leaves the store to the others. */
export const openMemoryLedger = (store: MemoryStore, { clock }: { readonly clock: Clock }): Ledger => {
  let closed = false;
  const own = new Set<() => void>();
  const versionOf = (id: string) => store.streams.get(id)?.length ?? 0;
  const head = () => store.records.at(-1);

  const place = (id: string, version: number, facts: readonly Fact[], once: string | undefined) => {
    const at = Math.max(clock.now(), head()?.at ?? 0);
    const records = facts.map((fact, i): LedgerRecord => {
      const seq = store.records.length + 1 + i;
      const more = facts.length - 1 - i;
      return frozen({
        v: 1,
        seq,
        at,
        id,
        version: version + 1 + i,
        ...(i === 0 && once !== undefined && { once }),
        ...(more > 0 && { more }),
        fact: Fact.parse(fact),
        key: 'memory',
        prev: seq === 1 ? genesis : `memory-${seq - 1}`,
        hash: `memory-${seq}`,
      });
    });
    const summary =
      id === 'bot' ? undefined : records.reduce<Summary | undefined>(summarise, store.summaries.get(id));
    return { records, summary };
  };

  const append: Ledger['append'] = async (stream, expectedVersion, facts, { once } = {}) => {
    await Promise.resolve();
    if (closed) throw new LedgerFault('the ledger is closed');
    if (store.trouble !== undefined) throw new LedgerFault(store.trouble);
    const first = once === undefined ? undefined : store.once.get(once);
    if (first !== undefined) return { result: 'already', ...first };
    const isNew = stream === 'new';
    const id = isNew ? `R-${String(store.summaries.size + 1).padStart(6, '0')}` : stream;
    const version = isNew ? 0 : versionOf(id);
    if (expectedVersion !== null && expectedVersion !== version) return { result: 'conflict', id, version };
    if (facts.length === 0) throw new LedgerFault('an append needs at least one fact');
    if (!isNew && id !== 'bot' && version === 0) throw new LedgerFault(`there is no request ${id}`);
    let placed: ReturnType<typeof place>;
    try {
      placed = place(id, version, facts, once);
    } catch (cause) {
      throw new LedgerFault('these facts cannot be appended', { cause });
    }
    store.records.push(...placed.records);
    store.streams.set(id, [...(store.streams.get(id) ?? []), ...placed.records]);
    if (id === 'bot') {
      for (const { fact, at } of placed.records) store.inForce = inForceAfter(store.inForce, fact, at);
    }
    if (placed.summary) store.summaries.set(id, placed.summary);
    const seq = store.records.length;
    if (once !== undefined) store.once.set(once, { id, seq });
    for (const wake of store.wakes) wake();
    return { result: 'appended', id, seq, version: version + facts.length };
  };

  return {
    append,
    read: async (afterSeq, limit) => store.records.slice(afterSeq, afterSeq + limit),
    ofRequest: async (id) => store.streams.get(id) ?? [],
    succeededSince: (since) =>
      [...store.summaries.values()]
        .filter(({ proven }) => proven !== undefined && proven.at >= since)
        .toSorted((a, b) => (a.proven?.at ?? 0) - (b.proven?.at ?? 0)),
    open: () => [...store.summaries.values()].filter(isWork).map((summary) => summary.id),
    summary: (id) => store.summaries.get(id),
    list: async (match, limit) => [...store.summaries.values()].reverse().filter(match).slice(0, limit),
    inForce: () => store.inForce,
    head: () => ({ seq: store.records.length, hash: head()?.hash ?? genesis }),
    cursor: (name) => store.cursors.get(name) ?? 0,
    moveCursor: async (name, seq) => {
      store.cursors.set(name, seq);
    },
    lease: async (name, ms) => {
      const holder = Symbol(name);
      const isMine = () => {
        const lease = store.leases.get(name);
        return lease?.holder === holder && lease.until > clock.now();
      };
      const held = store.leases.get(name);
      if (held !== undefined && held.until > clock.now()) return null;
      store.leases.set(name, { holder, until: clock.now() + ms });
      return {
        renew: async (more) => {
          if (!isMine()) return false;
          store.leases.set(name, { holder, until: clock.now() + more });
          return true;
        },
        release: async () => {
          if (isMine()) store.leases.delete(name);
        },
      };
    },
    subscribe: (wake) => {
      const entry = () => wake();
      store.wakes.add(entry);
      own.add(entry);
      return () => {
        store.wakes.delete(entry);
        own.delete(entry);
      };
    },
    trouble: () => (closed ? 'the ledger is closed' : store.trouble),
    close: async () => {
      closed = true;
      for (const wake of own) store.wakes.delete(wake);
    },
  };
};

/** A ledger of its own, forgotten with the test. */
export const createMemoryLedger = (parts: { readonly clock: Clock }): Ledger =>
  openMemoryLedger(createMemoryStore(), parts);
