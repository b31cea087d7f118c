/** What a message consists of. */

export type Inline =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'strike' | 'spoiler'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  /** `bare`: the children are the address itself, as typed. */
  | {
      readonly kind: 'link';
      readonly href: string;
      readonly bare: boolean;
      readonly children: readonly Inline[];
    }
  /** `text` with its `@`; `person` is who the caller said it is. */
  | { readonly kind: 'mention'; readonly text: string; readonly person: number | null }
  /** As typed, without the colons. Whoever draws it knows the picture, or shows it as it was typed. */
  | { readonly kind: 'emoji'; readonly shortcode: string }
  | { readonly kind: 'break' };

export type Block =
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[] }
  | { readonly kind: 'code block'; readonly language: string | null; readonly text: string }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  | {
      readonly kind: 'list';
      /** The number of the first item, or null for bullets. */
      readonly start: number | null;
      readonly items: readonly (readonly Block[])[];
    };

/** Reads the mention at the `@` at `at`: where it ends, and who it is. Undefined: nobody, it stays text. */
export type ReadMention = (
  text: string,
  at: number,
) => { readonly end: number; readonly person: number | null } | undefined;
