/** A name or an e-mail as it is compared with others: neither case matters nor how accents are written. */
export const folded = (text: string): string => text.toLowerCase().normalize();
