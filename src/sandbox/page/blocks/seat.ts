import type { Surface } from '../surface.ts';

/** Where an element sits: its block, and what is said about it there. */
export interface Seat {
  readonly surface: Surface;
  readonly blockId: string;
  /** In an input block: a choice is kept in the form, and the app hears of it with the submission. */
  readonly isField: boolean;
  readonly controlId: string;
  /** Id of the text that names it. */
  readonly labelledBy?: string;
  /** Ids of the texts that explain it. */
  readonly describedBy?: string;
  readonly isInvalid?: boolean;
  readonly isRequired?: boolean;
}

/** Attributes that name and explain a control. `name` is used where no text beside it does. */
export const naming = (seat: Seat, name: string) => ({
  ...(seat.labelledBy === undefined ? { 'aria-label': name } : { 'aria-labelledby': seat.labelledBy }),
  ...(seat.describedBy !== undefined && { 'aria-describedby': seat.describedBy }),
});

/** What `naming` gives, with the state of a form field. */
export const fieldProps = (seat: Seat, name: string) => ({
  id: seat.controlId,
  ...naming(seat, name),
  ...(seat.isInvalid === true && { 'aria-invalid': true as const }),
  ...(seat.isRequired === true && { 'aria-required': true as const }),
});

export type FieldProps = ReturnType<typeof fieldProps>;
