import type { Clock, Lease } from '../domain/ports.ts';

/** Leases among the workers of one process: the directory's lock keeps other processes away. */
export const createLeases = (clock: Clock) => {
  const leases = new Map<string, { readonly holder: symbol; readonly until: number }>();
  return async (name: string, ms: number): Promise<Lease | null> => {
    const held = leases.get(name);
    if (held !== undefined && held.until > clock.now()) return null;
    const holder = Symbol(name);
    leases.set(name, { holder, until: clock.now() + ms });
    const isHeld = () => {
      const lease = leases.get(name);
      return lease?.holder === holder && lease.until > clock.now();
    };
    return {
      renew: async (more) => {
        if (!isHeld()) return false;
        leases.set(name, { holder, until: clock.now() + more });
        return true;
      },
      release: async () => {
        if (isHeld()) leases.delete(name);
      },
    };
  };
};
