import type { ComponentType, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { laterWords } from '../words/words.ts';

export interface Lazy<Props> {
  (props: Props): VNode | null;
  /** Fetches the code, so that it is drawn at once. */
  readonly load: () => Promise<void>;
}

let fetchesWhenDrawn = true;

/** On the server: what a page does not have when it takes its elements over is not drawn. */
export function drawOnlyWhatIsLoaded(): void {
  fetchesWhenDrawn = false;
}

/** A component whose code is fetched when it is first drawn. Until then there is nothing in its place. */
export function lazy<Props extends object>(fetch: () => Promise<ComponentType<Props>>): Lazy<Props> {
  let loaded: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  const load = async (): Promise<void> => {
    // What it says is on its way together with it.
    if (!loading) laterWords().catch(() => undefined);
    loading ??= fetch()
      .then((component) => {
        loaded = component;
      })
      // Tried again the next time that it is wanted.
      .catch(() => {
        loading = undefined;
      });
    await loading;
  };
  function Lazy(props: Props): VNode | null {
    const [, redraw] = useState(0);
    if (loaded === undefined) {
      if (fetchesWhenDrawn) void load().then(() => redraw((count) => count + 1));
      return null;
    }
    const Loaded = loaded;
    return <Loaded {...props} />;
  }
  return Object.assign(Lazy, { load });
}
