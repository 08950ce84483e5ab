/** Letters that Unicode does not take apart into a base letter and a mark. */
const letters: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};

const ascii = /^[\x21-\x7e]*$/;

/** Text as it is compared: without case, accents, widths and repeated blanks; no line breaks are left in it. */
export const fold = (text: string): string =>
  ascii.test(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKD')
        .toLowerCase()
        .replace(/\p{M}/gu, '')
        .replace(/[øłđðıßæœþ]/g, (letter) => letters[letter] ?? letter)
        .replace(/\s+/g, ' ')
        .trim();
