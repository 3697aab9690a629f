/** What a verdict sounds and feels like: told apart without a look at the screen. */
let context: AudioContext | undefined;

/** Browsers let a page sound only after a press on it: to be called from one. */
export function wakeSound(): void {
  context ??= new AudioContext();
  context.resume();
}

interface Tone {
  hertz: number;
  fromS: number;
  untilS: number;
}
/** Two rising notes; three low ones. */
const admitTones: Tone[] = [
  { hertz: 880, fromS: 0, untilS: 0.12 },
  { hertz: 1318, fromS: 0.13, untilS: 0.35 },
];
const refuseTones: Tone[] = [0, 0.22, 0.44].map((fromS) => ({ hertz: 196, fromS, untilS: fromS + 0.16 }));

export function signal(isAdmitted: boolean): void {
  navigator.vibrate?.(isAdmitted ? 80 : [200, 90, 200, 90, 200]);
  if (context?.state !== "running") return;
  for (const { hertz, fromS, untilS } of isAdmitted ? admitTones : refuseTones) {
    const tone = new OscillatorNode(context, { frequency: hertz, type: isAdmitted ? "sine" : "square" });
    const volume = new GainNode(context, { gain: isAdmitted ? 0.5 : 0.25 });
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + fromS);
    tone.stop(context.currentTime + untilS);
  }
}
