import { useEffect, useState } from "react";
import { listDevices, type Plugged } from "../phone/devices";

/** What is plugged in, asked again whenever that changes. */
export function usePlugged(): Plugged {
  const [plugged, setPlugged] = useState<Plugged>({ mics: [], speakers: [] });
  useEffect(() => {
    const end = new AbortController();
    const look = () => void listDevices().then((found) => end.signal.aborted || setPlugged(found));
    look();
    navigator.mediaDevices?.addEventListener("devicechange", look, { signal: end.signal });
    return () => end.abort();
  }, []);
  return plugged;
}
