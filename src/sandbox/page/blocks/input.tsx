import type { types } from '@slack/bolt';
import { useId } from 'preact/hooks';
import type { Surface } from '../surface.ts';
import { Element } from './element.tsx';
import type { Seat } from './seat.ts';
import { PlainText } from './text.tsx';

interface InputProps {
  readonly block: types.InputBlock;
  readonly blockId: string;
  readonly surface: Surface;
}

/** A form field with its label, its hint and what is wrong with it. */
export const Input = ({ block, blockId, surface }: InputProps) => {
  const id = useId();
  const { label, hint, element } = block;
  const error = surface.errorOf(blockId);
  const explained = [...(error === undefined ? [] : [`${id}-error`]), ...(hint ? [`${id}-hint`] : [])];
  const seat: Seat = {
    surface,
    blockId,
    isField: true,
    controlId: `${id}-control`,
    labelledBy: `${id}-label`,
    ...(explained.length > 0 && { describedBy: explained.join(' ') }),
    isInvalid: error !== undefined,
    isRequired: block.optional !== true,
  };
  return (
    <div class={error === undefined ? 'block input' : 'block input invalid'}>
      <label class="input-label" id={`${id}-label`} htmlFor={seat.controlId}>
        <PlainText {...label} />
        {block.optional && <span class="optional"> (optional)</span>}
      </label>
      <Element key={`${element.type} ${element.action_id}`} seat={seat} element={element} />
      {error !== undefined && (
        <p class="input-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p class="input-hint" id={`${id}-hint`}>
          <PlainText {...hint} />
        </p>
      )}
    </div>
  );
};
