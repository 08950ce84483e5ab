/** `a`, `a and b`, `a, b and c`. Not by `Intl`, whose first use takes 8 MB and 30 ms. */
export const listWords = (items: readonly string[], word: 'and' | 'or'): string =>
  [...(items.length > 1 ? [items.slice(0, -1).join(', ')] : []), ...items.slice(-1)].join(` ${word} `);
