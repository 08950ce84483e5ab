import { z } from 'zod';
import { messageAt, writableChannel } from '../channels.ts';
import { method } from '../method.ts';
import { Refused } from '../refused.ts';
import { SEED } from '../seed.ts';

const addPin = method({
  name: 'pins.add',
  scope: 'pins:write',
  json: true,
  perMinute: 20,
  args: z.looseObject({ channel: z.string(), timestamp: z.string() }),
  run: (args, core) => {
    const channel = writableChannel(core, args.channel);
    const { ts } = messageAt(channel, args.timestamp);
    if (channel.pins.includes(ts)) throw new Refused('already_pinned');
    if (channel.pins.length >= 100) throw new Refused('too_many_pins');
    channel.pins.push(ts);
    core.changed();
    return {};
  },
});

const addBookmark = method({
  name: 'bookmarks.add',
  scope: 'bookmarks:write',
  json: true,
  perMinute: 20,
  args: z.looseObject({
    channel_id: z.string(),
    title: z.string().min(1),
    type: z.literal('link'),
    link: z.string().optional(),
    emoji: z.string().optional(),
  }),
  run: (args, core) => {
    const channel = writableChannel(core, args.channel_id);
    if (args.link === undefined || !/^https?:\/\/\S+$/.test(args.link)) throw new Refused('invalid_link');
    if (channel.bookmarks.length >= 100) throw new Refused('too_many_bookmarks');
    const bookmark = {
      id: core.mint.id('Bk'),
      channel_id: channel.id,
      title: args.title,
      link: args.link,
      type: args.type,
    };
    channel.bookmarks.push(bookmark);
    core.changed();
    return { bookmark };
  },
});

const addReaction = method({
  name: 'reactions.add',
  scope: 'reactions:write',
  json: true,
  perMinute: 50,
  args: z.looseObject({ channel: z.string(), timestamp: z.string(), name: z.string() }),
  run: (args, core) => {
    const channel = writableChannel(core, args.channel);
    const message = messageAt(channel, args.timestamp);
    if (!/^[a-z0-9_+'-]+$/.test(args.name)) throw new Refused('invalid_name');
    const existing = message.reactions.find((one) => one.name === args.name);
    if (existing?.users.includes(SEED.users.bot) === true) throw new Refused('already_reacted');
    if (existing === undefined) message.reactions.push({ name: args.name, users: [SEED.users.bot] });
    else existing.users.push(SEED.users.bot);
    core.changed();
    return {};
  },
});

export const adornmentMethods = [addPin, addBookmark, addReaction];
