import { z } from 'zod';

/** What an error answer says, in the cloud's words. Not yet fit to be shown. */
export interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly requestId?: string;
}

const word = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);
const Fields = z.object({
  error_code: word,
  error_msg: word,
  errorCode: word,
  errorMsg: word,
  code: word,
  message: word,
  request_id: word,
});
const Nested = z.record(z.string(), z.unknown());

function flat(value: unknown): ErrorBody | undefined {
  const parsed = Fields.safeParse(value);
  if (!parsed.success) return undefined;
  const fields = parsed.data;
  const forms = [
    [fields.error_code, fields.error_msg],
    [fields.errorCode, fields.errorMsg],
    [fields.code, fields.message],
  ];
  for (const [code, message] of forms) {
    if (code === undefined && message === undefined) continue;
    return {
      ...(code === undefined ? {} : { code }),
      ...(message === undefined ? {} : { message }),
      ...(fields.request_id === undefined ? {} : { requestId: fields.request_id }),
    };
  }
  return undefined;
}

function json(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/**
 * Reads the body of an error answer. Order of the forms as in the official SDKs (Python
 * exception_handler.py, Go sdkerr, Node ExceptionUtil): `error_code`, `errorCode`, `code`, any of these one
 * level down, else the text. JSON in no known form yields nothing, because it may hold anything.
 */
export function parseErrorBody(text: string): ErrorBody {
  const parsed = json(text);
  if (parsed === undefined) return text.trim() === '' ? {} : { message: text.trim() };
  const here = flat(parsed.value);
  if (here !== undefined) return here;

  const nested = Nested.safeParse(parsed.value);
  const requestId = Fields.safeParse(parsed.value).data?.request_id;
  for (const value of Object.values(nested.data ?? {})) {
    const below = flat(value);
    if (below !== undefined) return requestId === undefined ? below : { requestId, ...below };
  }
  return requestId === undefined ? {} : { requestId };
}
