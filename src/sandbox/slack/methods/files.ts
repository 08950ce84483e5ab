import { z } from 'zod';
import { writableChannel } from '../channels.ts';
import { objectsOf } from '../json.ts';
import { appMessage, jsonArgument } from '../messages.ts';
import { method, whole } from '../method.ts';
import { Refused } from '../refused.ts';
import type { StoredFile } from '../workspace.ts';

const getUploadUrl = method({
  name: 'files.getUploadURLExternal',
  scope: 'files:write',
  perMinute: 100,
  args: z.looseObject({ filename: z.string(), length: whole }),
  run: (args, core) => {
    if (args.length === 0) throw new Refused('missing_argument');
    if (args.length > 1_000_000_000) throw new Refused('file_upload_size_restricted');
    const file: StoredFile = {
      id: core.mint.id('F'),
      name: args.filename,
      title: args.filename,
      length: args.length,
      content: undefined,
      channels: [],
      completed: false,
    };
    core.workspace.files.set(file.id, file);
    return { upload_url: `${core.baseUrl()}/upload/${file.id}`, file_id: file.id };
  },
});

const complete = method({
  name: 'files.completeUploadExternal',
  scope: 'files:write',
  json: true,
  perMinute: 100,
  args: z.looseObject({
    files: z.unknown(),
    channel_id: z.string().optional(),
    thread_ts: z.string().optional(),
    initial_comment: z.string().optional(),
  }),
  run: (args, core) => {
    const wanted = objectsOf(jsonArgument(args.files));
    if (wanted.length === 0) throw new Refused('invalid_arguments');
    const files = wanted.map(({ id, title }) => {
      const file = core.workspace.files.get(String(id));
      if (file?.content === undefined || file.completed) throw new Refused('file_not_found');
      return { file, title: typeof title === 'string' ? title : file.name };
    });
    const channel = args.channel_id === undefined ? undefined : writableChannel(core, args.channel_id);
    for (const { file, title } of files) {
      file.title = title;
      file.completed = true;
      if (channel !== undefined) file.channels.push(channel.id);
    }
    if (channel !== undefined) {
      const text = args.initial_comment ?? '';
      const content = { text, blocks: undefined, attachments: undefined, truncated: false };
      const message = appMessage(core, channel, content, args.thread_ts);
      message.files = files.map(({ file }) => file.id);
      channel.messages.push(message);
    }
    core.changed();
    return { files: files.map(({ file }) => ({ id: file.id, title: file.title })) };
  },
});

export const fileMethods = [getUploadUrl, complete];
