import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, digestOf } from '../../src/domain/digest.ts';

const key = fc.string({ minLength: 1, maxLength: 12 });
const grants = fc.uniqueArray(fc.record({ key, words: fc.string() }), { selector: (grant) => grant.key });
const target = fc.dictionary(key, fc.string());

it('is SHA-256 of the canonical JSON of kind, target and sorted keys', () => {
  const digest = digestOf('profile', { principal: 'u', instance: 'i' }, [
    { key: 'b', words: 'B' },
    { key: 'a', words: 'A' },
  ]);
  const text = '{"grants":["a","b"],"kind":"profile","target":{"instance":"i","principal":"u"}}';
  expect(digest).toBe(createHash('sha256').update(text).digest('hex'));
});

it('does not depend on the order of grants or fields, nor on any words', () => {
  fc.assert(
    fc.property(target, grants, fc.string(), (fields, list, words) => {
      const turned = Object.fromEntries(Object.entries(fields).reverse());
      const renamed = [...list].reverse().map((grant) => ({ ...grant, words }));
      expect(digestOf('k', turned, renamed)).toBe(digestOf('k', fields, list));
    }),
  );
});

it('changes with every id: the kind, a target field, a grant more, less or other', () => {
  fc.assert(
    fc.property(target, grants, key, fc.string({ minLength: 1 }), (fields, list, name, more) => {
      const before = digestOf('k', fields, list);
      expect(digestOf(`k${more}`, fields, list)).not.toBe(before);
      expect(digestOf('k', { ...fields, [name]: `${fields[name] ?? ''}${more}` }, list)).not.toBe(before);
      const [first, ...rest] = list;
      if (first === undefined) return;
      expect(digestOf('k', fields, rest)).not.toBe(before);
      expect(
        digestOf('k', fields, [...list, { key: `${list.map((g) => g.key).join('')}+`, words: '' }]),
      ).not.toBe(before);
    }),
  );
});

it('cannot be reached by moving text between fields', () => {
  expect(digestOf('k', { a: 'x","b":"y' }, [])).not.toBe(digestOf('k', { a: 'x', b: 'y' }, []));
  expect(digestOf('k', {}, [{ key: 'a","b', words: '' }])).not.toBe(
    digestOf('k', {}, [
      { key: 'a', words: '' },
      { key: 'b', words: '' },
    ]),
  );
});

it('writes JSON with sorted keys and without blanks and undefined', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined })).toBe('{"b":[1,{"c":"x","d":null}]}');
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
