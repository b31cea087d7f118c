/** One codec's process: does what its parent asks over IPC, and ends with it. */
import { CASES, runCase, type Pass } from './cases.ts';
import { loadCodec, SIDES } from './sides.ts';

export interface CodecOrder {
  readonly index: number;
  readonly ms: number;
}
export type CodecAnswer = Pass | { readonly fault: string };

const side = SIDES.find((known) => known === process.argv[2]) ?? SIDES[0];
const codec = await loadCodec(side);

process.on('message', (message) => {
  // Only our own parent has the other end.
  const { index, ms } = message as CodecOrder;
  void answer(index, ms).then((pass) => process.send?.(pass));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function answer(index: number, ms: number): Promise<CodecAnswer> {
  const work = CASES[index];
  if (work === undefined) return { fault: `there is no case ${index}` };
  try {
    return await runCase(codec, work, ms);
  } catch (error) {
    return { fault: String(error) };
  }
}
