/** The server's clock: server time decides, the browser only shows. */

export class ServerClock {
  private offsetMs = 0;
  private bestRoundTripMs = Number.POSITIVE_INFINITY;

  now(): number {
    return Date.now() + this.offsetMs;
  }

  /** A frame's stamp bounds the offset only from one side; it counts until a round trip has been measured. */
  sawStamp(serverMs: number): void {
    if (this.bestRoundTripMs === Number.POSITIVE_INFINITY) this.offsetMs = serverMs - Date.now();
  }

  /** The shorter the round trip, the better the estimate; the best one ages so that a drifting clock is followed. */
  sawRoundTrip(sentMs: number, serverMs: number): void {
    const roundTrip = Date.now() - sentMs;
    if (roundTrip < 0) return;
    if (roundTrip <= this.bestRoundTripMs) {
      this.bestRoundTripMs = roundTrip;
      this.offsetMs = serverMs - (sentMs + roundTrip / 2);
    } else {
      this.bestRoundTripMs = this.bestRoundTripMs * 1.1 + 1;
    }
  }
}
