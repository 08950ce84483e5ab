import { byType, type Check, flag, list, may, need, oneOf, shape, text, whole } from './checks.ts';

const style = shape({
  bold: may(flag),
  italic: may(flag),
  strike: may(flag),
  code: may(flag),
  underline: may(flag),
  highlight: may(flag),
  client_highlight: may(flag),
  unlink: may(flag),
});

const leafTable = {
  text: shape({ text: need(text(Number.MAX_SAFE_INTEGER)), style: may(style) }),
  link: shape({ url: need(text(3000)), text: may(text(3000)), unsafe: may(flag), style: may(style) }),
  user: shape({ user_id: need(text(255)), style: may(style) }),
  usergroup: shape({ usergroup_id: need(text(255)), style: may(style) }),
  channel: shape({ channel_id: need(text(255)), style: may(style) }),
  broadcast: shape({ range: need(oneOf('here', 'channel', 'everyone')), style: may(style) }),
  emoji: shape({
    name: need(text(255)),
    unicode: may(text(255)),
    skin_tone: may(whole(1, 6)),
    style: may(style),
  }),
  date: shape({
    timestamp: need(whole(0, Number.MAX_SAFE_INTEGER)),
    format: need(text(255)),
    url: may(text(3000)),
    fallback: may(text(3000)),
    style: may(style),
  }),
  team: shape({ team_id: need(text(255)), style: may(style) }),
  color: shape({ value: need(text(255)), style: may(style) }),
};

const many = Number.MAX_SAFE_INTEGER;
const leaves = list(byType(leafTable), many);
const section = shape({ elements: need(leaves) });
const border = may(whole(0, 1));

const parts: Check = byType({
  rich_text_section: section,
  rich_text_list: shape({
    style: need(oneOf('bullet', 'ordered')),
    elements: need(list(byType({ rich_text_section: section }), many)),
    indent: may(whole(0, 8)),
    offset: may(whole(0, many)),
    border,
  }),
  rich_text_quote: shape({ elements: need(leaves), border }),
  rich_text_preformatted: shape({
    elements: need(list(byType({ text: leafTable.text, link: leafTable.link }), many)),
    border,
    language: may(text(255)),
  }),
});

/** The members of a rich_text value, besides `type` and `block_id`. */
export const richTextElements = need(list(parts, many));
