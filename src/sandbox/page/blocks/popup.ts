import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

const gap = 4;
const tallest = 300;

const place = (anchor: HTMLElement, popup: HTMLElement): void => {
  const box = anchor.getBoundingClientRect();
  const below = window.innerHeight - box.bottom - 2 * gap;
  const above = box.top - 2 * gap;
  const isAbove = below < Math.min(popup.scrollHeight, tallest) && above > below;
  const widest = document.documentElement.clientWidth - 2 * gap;
  const width = Math.min(Math.max(box.width, popup.offsetWidth), widest);
  Object.assign(popup.style, {
    left: `${Math.max(gap, Math.min(box.left, widest + gap - width))}px`,
    top: isAbove ? 'auto' : `${box.bottom + gap}px`,
    bottom: isAbove ? `${window.innerHeight - box.top + gap}px` : 'auto',
    minWidth: `${Math.min(box.width, widest)}px`,
    maxHeight: `${Math.min(tallest, isAbove ? above : below)}px`,
  });
};

/** Keeps a native popover beside its anchor while it is open, above whatever scrolls or is a dialog. */
export const usePopup = (
  isOpen: boolean,
  anchor: RefObject<HTMLElement | null>,
  popup: RefObject<HTMLElement | null>,
): void => {
  useLayoutEffect(() => {
    const { current: base } = anchor;
    const { current: shown } = popup;
    if (!isOpen || base === null || shown === null) return undefined;
    shown.showPopover();
    const follow = (): void => place(base, shown);
    follow();
    window.addEventListener('scroll', follow, { capture: true, passive: true });
    window.addEventListener('resize', follow);
    return () => {
      window.removeEventListener('scroll', follow, { capture: true });
      window.removeEventListener('resize', follow);
      shown.hidePopover();
    };
  }, [isOpen, anchor, popup]);
};
