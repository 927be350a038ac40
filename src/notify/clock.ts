/**
 * Two times. The wall says what people read and when their night is; it jumps when somebody sets it. Waits, caps and retries go by the
 * steady one, which begins with the wall's time and only runs forward, so that no jump lets a flood out or keeps a message back.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  wall(): number;
  steady(): number;
}

export function systemClock(): Clock {
  const begin = Date.now() - performance.now();
  return { wall: Date.now, steady: () => Math.round(begin + performance.now()) };
}
