import { type RefObject, useEffect, useState } from "react";
import { wait } from "@/shared/wait";
import { newDetector } from "./detector";

/** REFUSED: the person or the browser said no. MISSING: there is none, or another program has it. BROKEN: codes cannot be read here. */
export type CameraState = "STARTING" | "ON" | "REFUSED" | "MISSING" | "BROKEN";

const pauseMs = 120;

interface Camera {
  state: CameraState;
  /** Nothing where the camera has no light. */
  torch?: { isOn: boolean; toggle: () => void };
}

/** Shows the camera in `video` and calls `onCode` with what each picture says. `onCode` must stay the same function. */
export function useCamera(video: RefObject<HTMLVideoElement | null>, onCode: (code: string) => void): Camera {
  const [state, setState] = useState<CameraState>("STARTING");
  const [track, setTrack] = useState<MediaStreamTrack>();
  const [torchOn, setTorchOn] = useState(false);

  useEffect(() => {
    const over = new AbortController();
    look(video, onCode, over.signal, setState, setTrack);
    return () => over.abort();
  }, [video, onCode]);

  const hasTorch = track && "torch" in (track.getCapabilities?.() ?? {});
  const toggle = async () => {
    // Not in TypeScript's list of constraints; in browsers on phones it is.
    await track?.applyConstraints({ advanced: [{ torch: !torchOn } as MediaTrackConstraintSet] });
    setTorchOn(!torchOn);
  };
  return { state, torch: hasTorch ? { isOn: torchOn, toggle } : undefined };
}

async function look(
  video: RefObject<HTMLVideoElement | null>,
  onCode: (code: string) => void,
  over: AbortSignal,
  setState: (state: CameraState) => void,
  setTrack: (track: MediaStreamTrack) => void,
): Promise<void> {
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", height: { ideal: 1080 } },
    });
  } catch (reason) {
    const refused = reason instanceof DOMException && reason.name === "NotAllowedError";
    if (!over.aborted) setState(refused ? "REFUSED" : "MISSING");
    return;
  }
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (over.aborted) return stop();
  over.addEventListener("abort", stop);
  try {
    const detector = await newDetector();
    const picture = video.current;
    if (over.aborted || !picture) return;
    picture.srcObject = stream;
    await picture.play();
    const [track] = stream.getVideoTracks();
    if (track) setTrack(track);
    setState("ON");
    while (!over.aborted) {
      for (const { rawValue } of await detector.detect(picture)) if (!over.aborted) onCode(rawValue);
      await wait(pauseMs);
    }
  } catch (reason) {
    if (over.aborted) return; // what was taken away while it was looked at
    console.error(reason);
    stop();
    setState("BROKEN");
  }
}
