import type { LocalCloud } from '../cloud/local-cloud.ts';
import type { Fault } from '../cloud/switches.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import type { SwitchName } from '../switch-names.ts';

/** Everything that one person can make go wrong, each a switch that is on or off. */
export interface Switchboard {
  state(): Record<SwitchName, boolean>;
  set(name: SwitchName, on: boolean): void;
}

type TurnOff = () => void;

/** Sets one value; what it gives back restores the value that was there before. */
const swap = <T, K extends keyof T>(switches: T, name: K, value: T[K]): TurnOff => {
  const before = switches[name];
  switches[name] = value;
  return () => {
    switches[name] = before;
  };
};

/** Adds a fault that never wears out; what it gives back takes away this one and no other. */
const plan = (faults: Fault[], fault: Fault): TurnOff => {
  faults.push(fault);
  return () => {
    const place = faults.indexOf(fault);
    if (place >= 0) faults.splice(place, 1);
  };
};

/** @returns the switches of one sandbox, all off */
export const createSwitchboard = (slack: LocalSlack, cloud: LocalCloud): Switchboard => {
  const turnOn: Record<SwitchName, () => TurnOff> = {
    slow: () => swap(cloud.switches, 'latencyMs', 3_000),
    // At 1 the calls that repeat take each other's turn until one of them gives up, and no review is ever shown.
    throttled: () => swap(cloud.switches, 'ratePerSecond', 2),
    failing: () =>
      swap(cloud.switches, 'failDeletions', 'The sandbox was told to let every deletion of a grant fail.'),
    // Only what was carried out is lost. Refusals and reads are answered, so the truth can still be read.
    lost: () =>
      plan(cloud.switches.faults, {
        match: (call) => call.effect === 'change',
        times: Number.POSITIVE_INFINITY,
        act: { kind: 'cut-after' },
      }),
    'cloud-outage': () => swap(cloud.switches, 'outage', true),
    'slack-outage': () => swap(slack.switches, 'outage', true),
  };
  const turnOff = new Map<SwitchName, TurnOff>();

  return {
    state: () => {
      const isOn = (name: SwitchName) => turnOff.has(name);
      return {
        slow: isOn('slow'),
        throttled: isOn('throttled'),
        failing: isOn('failing'),
        lost: isOn('lost'),
        'cloud-outage': isOn('cloud-outage'),
        'slack-outage': isOn('slack-outage'),
      };
    },
    set: (name, on) => {
      if (on === turnOff.has(name)) return;
      if (on) {
        turnOff.set(name, turnOn[name]());
        return;
      }
      turnOff.get(name)?.();
      turnOff.delete(name);
    },
  };
};
