import type { types } from '@slack/bolt';
import { useContext, useEffect, useId, useRef, useState } from 'preact/hooks';
import { FollowLink } from '../surface.ts';
import { useConfirm } from './confirm.tsx';
import { Fault } from './fault.tsx';
import { isFollowable } from './link.tsx';
import { usePopup } from './popup.ts';
import type { Seat } from './seat.ts';
import { useSend } from './send.ts';
import { PlainText } from './text.tsx';

/** The menu behind three dots. */
export const Overflow = ({ seat, element }: { seat: Seat; element: types.Overflow }) => {
  const follow = useContext(FollowLink);
  const { confirmed, dialog } = useConfirm(element.confirm);
  const { send, isPending, fault } = useSend(seat, element.action_id ?? '');
  /** The item that has the focus; undefined while the menu is closed. */
  const [active, setActive] = useState<number>();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const menuId = useId();
  const isOpen = active !== undefined;
  const count = element.options.length;
  usePopup(isOpen, button, menu);
  useEffect(() => {
    if (active !== undefined) menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]')[active]?.focus();
  }, [active]);

  const close = (): void => {
    button.current?.focus();
    setActive(undefined);
  };
  const choose = async (option: types.PlainTextOption): Promise<void> => {
    close();
    if (!(await confirmed())) return;
    if (option.url !== undefined && isFollowable(option.url)) follow(option.url);
    await send(option.value);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = active ?? 0;
    const steps = new Map([
      ['ArrowDown', isOpen ? at + 1 : 0],
      ['ArrowUp', isOpen ? at - 1 : count - 1],
      ['Home', 0],
      ['End', count - 1],
    ]);
    const step = steps.get(event.key);
    if (step !== undefined) {
      event.preventDefault();
      setActive((step + count) % count);
    } else if (isOpen && (event.key === 'Escape' || event.key === 'Tab')) {
      // Escape closes the menu only, not the dialog around it.
      if (event.key === 'Escape') event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    // A press on the button itself closes the menu by its click.
    const isHere = (place: HTMLElement | null): boolean =>
      relatedTarget instanceof Node && place?.contains(relatedTarget) === true;
    if (!isHere(menu.current) && !isHere(button.current)) setActive(undefined);
  };
  return (
    <div class="element">
      <button
        ref={button}
        type="button"
        id={seat.controlId}
        class="button overflow-button"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={menuId}
        aria-busy={isPending}
        onClick={() => (isOpen ? close() : setActive(0))}
        onKeyDown={onKeyDown}
      >
        {isPending ? <span class="spinner" aria-hidden="true" /> : <span aria-hidden="true">⋯</span>}
      </button>
      <div
        ref={menu}
        id={menuId}
        class="popup"
        popover="manual"
        role="menu"
        tabIndex={-1}
        aria-label="More actions"
        onKeyDown={onKeyDown}
        onFocusOut={onFocusOut}
      >
        {element.options.map((option, index) => (
          <button
            key={option.value}
            type="button"
            role="menuitem"
            class="option menu-item"
            tabIndex={index === active ? 0 : -1}
            onClick={() => void choose(option)}
          >
            <PlainText {...option.text} />
            {option.description && <span class="option-description">{option.description.text}</span>}
          </button>
        ))}
      </div>
      <Fault words={fault} />
      {dialog}
    </div>
  );
};
