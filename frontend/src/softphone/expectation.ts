/** A leg that the person at this screen has just asked for (to listen, whisper, barge) is answered by itself. */
const LIFE_MS = 20_000;
let expectedUntilMs = 0;

export function expectCall(): void {
  expectedUntilMs = Date.now() + LIFE_MS;
}

/** True once per expected call. */
export function takeExpectedCall(): boolean {
  const isExpected = Date.now() < expectedUntilMs;
  expectedUntilMs = 0;
  return isExpected;
}
