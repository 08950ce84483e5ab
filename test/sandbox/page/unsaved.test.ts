import { describe, expect, it } from 'vitest';
import { commitFields, onItsWay, registerField } from '../../../src/sandbox/page/blocks/unsaved.ts';

// Fields are only compared here, never looked into, so any object can stand for one.
const fieldNamed = (name: string) => ({ name }) as unknown as Element;
const formWith = (...fields: Element[]) =>
  ({ contains: (one: Element) => fields.includes(one) }) as unknown as ParentNode;

/** A sending that arrives when the test says so. */
const held = () => {
  let arrive = (): void => undefined;
  const sending = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  return { sending, arrive: () => arrive() };
};

describe('committing the fields of a form', () => {
  it('writes the fields below its root and no others, until they are forgotten', async () => {
    const written: string[] = [];
    const inside = fieldNamed('inside');
    const write = (name: string) => async () => void written.push(name);
    const forgetInside = registerField(inside, write('inside'));
    const forgetOutside = registerField(fieldNamed('outside'), write('outside'));
    await commitFields(formWith(inside));
    expect(written).toEqual(['inside']);
    forgetInside();
    forgetOutside();
    await commitFields(formWith(inside));
    expect(written).toEqual(['inside']);
  });

  it('waits for what is on its way, even if it fails', async () => {
    const { sending, arrive } = held();
    const happened: string[] = [];
    void onItsWay(sending);
    const failed = onItsWay(Promise.reject(new Error('lost'))).catch(() => happened.push('failed'));
    const committed = commitFields(formWith()).then(() => happened.push('committed'));
    await failed;
    happened.push('arrived');
    arrive();
    await committed;
    expect(happened).toEqual(['failed', 'arrived', 'committed']);
  });
});
