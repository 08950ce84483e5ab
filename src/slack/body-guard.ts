import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type BufferedIncomingMessage,
  HTTPModuleFunctions,
  type HTTPReceiver,
  isRawBodyError,
} from '@slack/bolt';
import type { Log } from '../domain/ports.ts';

const { bufferIncomingMessage, buildNoBodyResponse, parseHTTPRequestBody } = HTTPModuleFunctions;

/** Where Slack's deliveries come in. */
const events = '/slack/events';

/** What cannot be read at all is answered where it is verified. */
const isNull = (request: BufferedIncomingMessage): boolean => {
  try {
    return parseHTTPRequestBody(request) === null;
  } catch {
    return false;
  }
};

/**
 * Lets every body through to the receiver but `null`, which is JSON and no delivery: of that its handler throws where
 * nobody catches, and that ends the process.
 * @param longest bytes
 */
export const guardBodies = (receiver: HTTPReceiver, longest: number, log: Log): void => {
  const take = receiver.requestListener;
  const guarded = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (isNull(await bufferIncomingMessage(request, longest))) {
        log.warn('A delivery was refused: its body is null');
        return buildNoBodyResponse(response, 400);
      }
    } catch (error) {
      const isTooLarge = isRawBodyError(error) && error.type === 'entity.too.large';
      log.warn(`A delivery was refused: its body ${isTooLarge ? 'is too large' : 'could not be read'}`);
      return buildNoBodyResponse(response, isTooLarge ? 413 : 400);
    }
    take(request, response);
  };
  receiver.requestListener = (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const isDelivery = pathname === events && request.method === 'POST';
    if (isDelivery) void guarded(request, response);
    else take(request, response);
  };
};
