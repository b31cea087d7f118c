import type { VNode } from 'preact';

/** On a ground of 20 × 20, as lines. */
const PATHS = {
  send: 'M10 16V4.5M4.8 9.6 10 4.4l5.2 5.2',
  up: 'M10 16V4.500M4.800 9.600 10 4.400l5.200 5.200',
  down: 'M10 4v11.5M4.8 10.4 10 15.6l5.2-5.2',
  unfold: 'm6 8 4 4 4-4',
  back: 'M12.5 4.5 7 10l5.5 5.5',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 6v4.2l2.8 1.7',
  alert: 'M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM10 6.2v4.4M10 13.6v.1',
  close: 'm5 5 10 10M15 5 5 15',
  search: 'M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM13.2 13.2l3.6 3.6',
  at: 'M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0Zm0 0v1.2a2 2 0 0 0 4 0V10a7 7 0 1 0-2.8 5.6',
  people:
    'M7.5 9.2a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.5 16c.3-2.7 2.3-4.3 5-4.3s4.7 1.6 5 4.300M12.6 4.100a2.7 2.7 0 0 1 0 4.900M14.6 12c1.7.6 2.7 2 2.9 4',
  calendar: 'M4 5.500h12V16H4ZM4 9h12M7.2 3.500v3M12.8 3.500v3',
  pin: 'M7.500 3.500h5M8.500 3.500v5L5.500 12h9l-3-3.500v-5M10 12v5',
  bookmark: 'M6 3.500h8v13l-4-3.200-4 3.200Z',
  plus: 'M10 4.500v11M4.5 10h11',
  smile:
    'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM7 11.800c.7 1.1 1.8 1.7 3 1.700s2.3-.6 3-1.700M7.6 7.800v.2M12.4 7.800v.2',
  reply: 'M8 5 3.5 9.5 8 14M4 9.500h7a5.5 5.5 0 0 1 5.5 5.5',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  edit: 'm4 16 .8-3.3 8.7-8.7 2.5 2.5-8.7 8.700ZM11.8 5.700l2.5 2.5',
  trash: 'M4 5.500h12M8 5.500v-2h4v2M5.5 5.5 6.2 16.500h7.600l.7-11M8.4 8.800v4.700M11.6 8.800v4.7',
  link: 'M8.5 11.500a3.2 3.2 0 0 0 4.6 0l2.5-2.500a3.2 3.2 0 0 0-4.6-4.600L9.8 5.600M11.5 8.500a3.2 3.2 0 0 0-4.6 0L4.4 11A3.2 3.2 0 0 0 9 15.600l1.2-1.2',
  copy: 'M7 7h9v9H7ZM13 4H4v9',
  unread: 'M3.5 5.500h9M3.5 10h13M3.5 14.500h13M16 5.500h.01',
  settings:
    'M3.5 6h5M12.5 6h4M3.5 14h3M10.5 14h6M10.5 4.200a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.600ZM8.5 12.200a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.600Z',
  hash: 'M8 3.5 6.5 16.500M13.5 3.5 12 16.500M4 7.500h13M3 12.500h13',
  lock: 'M5 9h10v7.500H5ZM7 9V6.500a3 3 0 0 1 6 0V9',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  mute: 'M5.5 8.500a4.5 4.5 0 0 1 9 0c0 4 1.5 5 1.5 5H4s1.5-1 1.5-5ZM8.5 16.300h3M3.5 3.500l13 13',
  pencil: 'm4 16 .8-3.3 8.7-8.7 2.5 2.5-8.7 8.700Z',
  leave: 'M11.5 4H5v12h6.500M9 10h8M14 7l3 3-3 3',
} as const;

export type IconName = keyof typeof PATHS;

/** Drawn with the colour of the text. The control around it has the name. */
export function Icon({ name }: { name: IconName }): VNode {
  return (
    <svg
      class={name === 'back' || name === 'reply' || name === 'leave' ? 'icon turns' : 'icon'}
      viewBox="0 0 20 20"
      width="20"
      height="20"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} class={name === 'more' ? 'icon-dots' : undefined} />
    </svg>
  );
}
