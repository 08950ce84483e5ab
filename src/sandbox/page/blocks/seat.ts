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

/** Attributes that name and explain a control. */
export interface Naming {
  readonly 'aria-label'?: string;
  readonly 'aria-labelledby'?: string;
  readonly 'aria-describedby'?: string;
}

/** Names a control by the text beside it, or by `name` where there is none. */
export const naming = (seat: Seat, name: string): Naming => ({
  ...(seat.labelledBy === undefined ? { 'aria-label': name } : { 'aria-labelledby': seat.labelledBy }),
  ...(seat.describedBy !== undefined && { 'aria-describedby': seat.describedBy }),
});

/** Attributes of a control that can be a form field. */
export interface FieldProps extends Naming {
  readonly id: string;
  readonly 'aria-invalid'?: true;
  readonly 'aria-required'?: true;
}

/** What `naming` gives, with the state of a form field. */
export const fieldProps = (seat: Seat, name: string): FieldProps => ({
  id: seat.controlId,
  ...naming(seat, name),
  ...(seat.isInvalid === true && { 'aria-invalid': true }),
  ...(seat.isRequired === true && { 'aria-required': true }),
});
