import type { JsonObject } from './json.ts';

/** The Web API's `ok: false`: an error code and what else the answer carries. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: string;
  readonly extra: JsonObject;

  constructor(code: string, extra: JsonObject = {}) {
    super(code);
    this.code = code;
    this.extra = extra;
  }
}

/** Something a person cannot do in the Slack client at all; thrown to the test that tried. */
export class CannotDo extends Error {
  override readonly name = 'CannotDo';
}
