/** Passkeys, codes for cameras, and links between devices: fetched when they are first drawn. */
import type { ComponentType, VNode } from 'preact';
import { lazy } from '../lazy.tsx';
import type * as Devices from './devices.tsx';
import type * as Keys from './passkeys.tsx';

type Drawn<Props extends object> = (props: Props) => VNode | null;
type PropsOf<Component> = Component extends ComponentType<infer Props> ? Props & object : never;

export const Passkeys: Drawn<PropsOf<typeof Keys.Passkeys>> = lazy(
  async () => (await import('./passkeys.tsx')).Passkeys,
);
export const PasskeySignIn: Drawn<PropsOf<typeof Keys.PasskeySignIn>> = lazy(
  async () => (await import('./passkeys.tsx')).PasskeySignIn,
);
export const RemovedPasskeys: Drawn<PropsOf<typeof Keys.RemovedPasskeys>> = lazy(
  async () => (await import('./passkeys.tsx')).RemovedPasskeys,
);
export const DeviceLink: Drawn<PropsOf<typeof Devices.DeviceLink>> = lazy(
  async () => (await import('./devices.tsx')).DeviceLink,
);
export const DeviceForm: Drawn<PropsOf<typeof Devices.DeviceForm>> = lazy(
  async () => (await import('./devices.tsx')).DeviceForm,
);
export const QrCode: Drawn<PropsOf<typeof Devices.QrCode>> = lazy(
  async () => (await import('./devices.tsx')).QrCode,
);
