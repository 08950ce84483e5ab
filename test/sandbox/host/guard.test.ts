import { describe, expect, it } from 'vitest';
import { isFromOwnPage } from '../../../src/sandbox/host/guard.ts';

const own = 'http://127.0.0.1:4280';

describe('the page answers', () => {
  it.each([
    ['a browser that opens it', { host: '127.0.0.1:4280' }, false],
    ['a browser that opens it by name', { host: 'localhost:4280' }, false],
    ['a script of its own', { host: '127.0.0.1:4280', origin: own }, false],
    ['a live line of its own', { host: '127.0.0.1:4280', origin: own }, true],
    ['a live line opened by name', { host: 'localhost:4280', origin: 'http://localhost:4280' }, true],
  ])('%s', (_who, headers, isChanging) => {
    expect(isFromOwnPage(headers, 4280, isChanging)).toBe(true);
  });
});

describe('the page refuses', () => {
  it.each([
    ['a foreign name that points here', { host: 'evil.example:4280' }, false],
    ['a foreign name without a port', { host: 'evil.example' }, false],
    ['our name on another port', { host: '127.0.0.1:4281' }, false],
    ['our name without a port', { host: '127.0.0.1' }, false],
    ['no name at all', {}, false],
    ['a page of another site', { host: '127.0.0.1:4280', origin: 'https://evil.example' }, false],
    ['a page on another port', { host: '127.0.0.1:4280', origin: 'http://127.0.0.1:9999' }, false],
    ['a page by the other name', { host: '127.0.0.1:4280', origin: 'http://localhost:4280' }, true],
    ['our own address over https', { host: '127.0.0.1:4280', origin: 'https://127.0.0.1:4280' }, false],
    ['a sandboxed frame', { host: '127.0.0.1:4280', origin: 'null' }, false],
    ['a live line without an origin', { host: '127.0.0.1:4280' }, true],
    ['a live line of another site', { host: '127.0.0.1:4280', origin: 'https://evil.example' }, true],
  ])('%s', (_who, headers, isChanging) => {
    expect(isFromOwnPage(headers, 4280, isChanging)).toBe(false);
  });
});
