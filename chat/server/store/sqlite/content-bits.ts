/** What the `has:` filter looks for in a body, as bits, so that a search need not read the bodies. */
export const CONTENT_BITS: Readonly<Record<'link' | 'code' | 'image' | 'file', number>> = {
  link: 1,
  code: 2,
  image: 4,
  file: 8,
};

const LINK = /\bhttps?:\/\/[^\s]/iu;
const CODE = /`[^`]+`|^ {0,3}(```|~~~)/mu;

/** Images and files are attachments, which no body has. */
export function contentBits(body: string): number {
  return (LINK.test(body) ? CONTENT_BITS.link : 0) | (CODE.test(body) ? CONTENT_BITS.code : 0);
}
