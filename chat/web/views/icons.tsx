import type { ComponentChildren, VNode } from 'preact';

/** 20 × 20, drawn with the colour of the text. The control around it has the name. */
function Icon({ children }: { children: ComponentChildren }): VNode {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export function SendIcon(): VNode {
  return (
    <Icon>
      <path d="M10 16V4.5M4.8 9.6 10 4.4l5.2 5.2" />
    </Icon>
  );
}

export function DownIcon(): VNode {
  return (
    <Icon>
      <path d="M10 4v11.5M4.8 10.4 10 15.6l5.2-5.2" />
    </Icon>
  );
}

export function ClockIcon(): VNode {
  return (
    <Icon>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 6v4.2l2.8 1.7" />
    </Icon>
  );
}

export function AlertIcon(): VNode {
  return (
    <Icon>
      <circle cx="10" cy="10" r="7.2" />
      <path d="M10 6.2v4.4M10 13.6v.1" />
    </Icon>
  );
}

export function CloseIcon(): VNode {
  return (
    <Icon>
      <path d="m5 5 10 10M15 5 5 15" />
    </Icon>
  );
}

export function SunIcon(): VNode {
  return (
    <Icon>
      <circle cx="10" cy="10" r="3.4" />
      <path d="M10 2v1.6M10 16.4V18M2 10h1.6M16.4 10H18M4.3 4.3l1.2 1.2M14.5 14.5l1.2 1.2M15.7 4.3l-1.2 1.2M5.5 14.5l-1.2 1.2" />
    </Icon>
  );
}

export function MoonIcon(): VNode {
  return (
    <Icon>
      <path d="M16.6 11.9A7 7 0 0 1 8.1 3.4a7 7 0 1 0 8.5 8.5Z" />
    </Icon>
  );
}

/** Half of each: as the system says. */
export function AutoIcon(): VNode {
  return (
    <Icon>
      <circle cx="10" cy="10" r="7" />
      <path d="M10 3a7 7 0 0 1 0 14Z" class="icon-fill" />
    </Icon>
  );
}
