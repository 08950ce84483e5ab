import { expect, it } from 'vitest';
import { isOneHuman, isSamePerson } from '../../src/domain/affected.ts';

const mallory = { id: 'u-1', userName: 'Mallory.Finch', emails: ['m@work.example', 'Home@Example.com'] };

it.each([
  ['one of the e-mails', 'm@work.example', true],
  ['another e-mail, in other case', 'hOME@example.COM', true],
  ['the user name is the local part', 'mallory.finch@elsewhere.example', true],
  ['a part of the user name only', 'mallory@example.com', false],
  ['another domain of an e-mail', 'm@home.example', false],
  ['the local part of an e-mail', 'home@work.example', false],
  ['the user name with an addition', 'mallory.finch+1@example.com', false],
  ['nothing', '', false],
])('recognises a person by %s', (_name, email, same) => {
  expect(isSamePerson(mallory, email)).toBe(same);
});

it('recognises a user name that is the e-mail', () => {
  const identity = { id: 'u', userName: 'Mallory@Example.com', emails: [] };
  expect(isSamePerson(identity, 'mallory@example.com')).toBe(true);
  expect(isSamePerson(identity, 'mallory@example.org')).toBe(false);
});

it('recognises a person whose letters the cloud and Slack put together differently', () => {
  const [whole, inParts] = ['jos\u00e9@example.com', 'JOSE\u0301@example.com'];
  const identity = { id: 'u', userName: 'j', emails: [inParts] };
  expect(isSamePerson(identity, whole)).toBe(true);
  expect(isSamePerson({ id: 'u', userName: 'jose\u0301', emails: [] }, whole)).toBe(true);
  const one = { team: 'T', user: 'U1', name: 'José', email: whole };
  expect(isOneHuman(one, { ...one, user: 'U2', email: inParts })).toBe(true);
});

it('recognises a person where only the small letter with this accent is one character', () => {
  const [small, capital] = ['ma\u0390@example.com', 'MA\u0399\u0308\u0301@example.com'];
  expect(isSamePerson({ id: 'u', userName: 'm', emails: [capital] }, small)).toBe(true);
  const one = { team: 'T', user: 'U1', name: 'Maΐ', email: small };
  expect(isOneHuman(one, { ...one, user: 'U2', email: capital })).toBe(true);
});
