/** Slack's published limits that this room keeps, in UTF-16 units unless said otherwise. */
export const limits = {
  /** Blocks in a message. */
  messageBlocks: 50,
  /** Text of a section, and what is put into one rich_text block. */
  sectionText: 3000,
  /** `text` of a message that may be updated later. */
  messageText: 4000,
  /** What a revocation is about, in a list; where it is decided on; and in a confirm dialog. */
  titleListed: 140,
  title: 600,
  titleConfirmed: 200,
  optionText: 75,
  optionValue: 150,
  options: 100,
  viewTitle: 24,
  confirmTitle: 100,
  confirmText: 300,
  /** The grants that a review lists; the rest is counted. */
  grantsShown: 50,
  /** The grants that a card or its evidence lists; the rest is in a file. */
  grantsOnCard: 20,
} as const;
