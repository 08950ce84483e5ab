import type { Method } from '../method.ts';
import { adornmentMethods } from './adornments.ts';
import { appMethods } from './app.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { peopleMethods } from './people.ts';
import { viewMethods } from './views.ts';

/** Every Web API method that the sandbox answers, by name. */
export const methods: ReadonlyMap<string, Method> = new Map(
  [
    ...adornmentMethods,
    ...appMethods,
    ...chatMethods,
    ...conversationMethods,
    ...fileMethods,
    ...peopleMethods,
    ...viewMethods,
  ].map((method) => [method.name, method]),
);
