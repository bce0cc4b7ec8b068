/** What the desk needs of a telephone. JsSIP is one implementation; another library would be another file. */

export type Registration = "off" | "connecting" | "registered" | "failed";
export type CallState = "none" | "ringing" | "connecting" | "talking";

export interface PhoneState {
  registration: Registration;
  call: CallState;
  isMuted: boolean;
  /** Why the last registration or call ended badly, in the library's words; empty when all is well. */
  cause: string;
}

export interface Credentials {
  ws_path: string;
  sip_uri: string;
  sip_user: string;
  sip_password: string;
  resume_target: string;
}

export interface Softphone {
  readonly state: PhoneState;
  subscribe(listener: () => void): () => void;
  start(credentials: Credentials): void;
  /** Ring here no more. A conversation goes on until another window of this person has taken it over. */
  stop(): void;
  answer(): void;
  hangUp(): void;
  setMuted(isMuted: boolean): void;
  sendDigit(digit: string): void;
  /** Dial the place that puts this new leg into the conversation whose leg was lost by a reload. */
  resume(): void;
  /** A number that stands for the quality of the line; null without a call. */
  quality(): Promise<LineQuality | null>;
}

export interface LineQuality {
  packetsLost: number;
  packetsReceived: number;
  jitterMs: number;
  roundTripMs: number | null;
}
