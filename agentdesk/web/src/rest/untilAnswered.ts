/** Repeats a question every 3 s until it is answered. Returns the end of it. */
export function untilAnswered<T>(
  question: () => Promise<{ ok: true; data: T; status: number } | { ok: false; failure: unknown }>,
  answered: (data: T) => void,
): () => void {
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const turn = async () => {
    const answer = await question();
    if (ended) return;
    if (answer.ok) answered(answer.data);
    else timer = setTimeout(turn, 3_000);
  };
  void turn();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
