/** The colours that a chat can have. What they are stands in `web/style/tokens.css`, with their contrast checked. */
export const ACCENTS = ['green', 'teal', 'blue', 'violet', 'rose', 'ochre', 'olive', 'slate'] as const;
export type Accent = (typeof ACCENTS)[number];
