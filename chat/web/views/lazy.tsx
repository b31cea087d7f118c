import type { ComponentType, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { laterWords } from '../words/words.ts';

/** A component whose code is fetched when it is first drawn. Until then there is nothing in its place. */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => VNode | null {
  let loaded: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  return function Lazy(props: Props): VNode | null {
    const [, redraw] = useState(0);
    if (loaded === undefined) {
      // What it says is on its way together with it.
      if (!loading) laterWords().catch(() => undefined);
      loading ??= load()
        .then((component) => {
          loaded = component;
        })
        // Tried again the next time that it is wanted.
        .catch(() => {
          loading = undefined;
        });
      void loading.then(() => redraw((count) => count + 1));
      return null;
    }
    const Loaded = loaded;
    return <Loaded {...props} />;
  };
}
