/** Two short notes, made here: no file to fetch. */
const NOTES = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.09 },
] as const;
const NOTE_SECONDS = 0.28;
const VOLUME = 0.09;
/** However much is said in how many rooms. */
const GAP_MS = 2_000;

let context: AudioContext | undefined;
let lastAt = -Infinity;

/** Does nothing on a page that nobody has touched yet: browsers refuse sound there, and complain. */
export async function playTone(): Promise<void> {
  const begun = performance.now();
  if (begun - lastAt < GAP_MS || !navigator.userActivation.hasBeenActive) return;
  lastAt = begun;
  try {
    context ??= new AudioContext();
    await context.resume();
  } catch {
    return;
  }
  // Let in late, a sound would be for nothing that happens now.
  if (performance.now() - begun > GAP_MS) return;
  for (const { hertz, at } of NOTES) playNote(context, hertz, context.currentTime + at);
}

function playNote(audio: AudioContext, hertz: number, at: number): void {
  const note = audio.createOscillator();
  const loudness = audio.createGain();
  note.frequency.value = hertz;
  // Without the ramps it clicks.
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(VOLUME, at + 0.015);
  loudness.gain.exponentialRampToValueAtTime(0.0001, at + NOTE_SECONDS);
  note.connect(loudness).connect(audio.destination);
  note.start(at);
  note.stop(at + NOTE_SECONDS);
}
