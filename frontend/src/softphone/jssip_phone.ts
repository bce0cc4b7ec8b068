/** The softphone on JsSIP 3.13: registers over /sip, one call at a time, no STUN server, no session timers. */
import { UA, WebSocketInterface } from "jssip";
import { microphoneConstraints, playRemote } from "./audio";
import type { Credentials, LineQuality, PhoneState, Softphone } from "./phone";

type Session = ReturnType<UA["call"]>;

const SILENT: PhoneState = { registration: "off", call: "none", isMuted: false, cause: "" };
const PEER_CONNECTION: RTCConfiguration = { iceServers: [] };

export class JsSipPhone implements Softphone {
  state: PhoneState = SILENT;
  private agent: UA | null = null;
  private session: Session | null = null;
  private credentials: Credentials | null = null;
  private listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(credentials: Credentials): void {
    this.stop();
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const agent = new UA({
      sockets: [new WebSocketInterface(`${scheme}://${location.host}${credentials.ws_path}`)],
      uri: credentials.sip_uri,
      authorization_user: credentials.sip_user,
      password: credentials.sip_password,
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 4,
    });
    this.agent = agent;
    this.credentials = credentials;
    this.change({ ...SILENT, registration: "connecting" });
    this.listenTo(agent);
    agent.start();
  }

  stop(): void {
    const { agent, session, state } = this;
    this.agent = null;
    this.session = null;
    this.change(SILENT);
    if (agent && session && state.call === "talking" && !session.isEnded()) leaveTo(agent, session);
    else agent?.stop();
  }

  answer(): void {
    if (this.state.call !== "ringing" || !this.session) return;
    this.change({ call: "connecting" });
    this.session.answer({ mediaConstraints: this.media(), pcConfig: PEER_CONNECTION });
  }

  hangUp(): void {
    if (this.session && !this.session.isEnded()) this.session.terminate();
  }

  setMuted(isMuted: boolean): void {
    if (!this.session) return;
    if (isMuted) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
    this.change({ isMuted });
  }

  sendDigit(digit: string): void {
    this.session?.sendDTMF(digit, { transportType: "RFC2833" as never });
  }

  resume(): void {
    if (!this.agent || !this.credentials || this.session) return;
    const host = this.credentials.sip_uri.split("@")[1] ?? location.hostname;
    this.agent.call(`sip:${this.credentials.resume_target}@${host}`, {
      mediaConstraints: this.media(),
      pcConfig: PEER_CONNECTION,
    });
  }

  async quality(): Promise<LineQuality | null> {
    const connection = this.session?.connection;
    if (!connection || this.state.call !== "talking") return null;
    const result: LineQuality = { packetsLost: 0, packetsReceived: 0, jitterMs: 0, roundTripMs: null };
    (await connection.getStats()).forEach((report: Record<string, unknown>) => {
      if (report.type === "inbound-rtp") {
        result.packetsLost = Number(report.packetsLost ?? 0);
        result.packetsReceived = Number(report.packetsReceived ?? 0);
        result.jitterMs = Number(report.jitter ?? 0) * 1000;
      }
      if (report.type === "remote-inbound-rtp" && typeof report.roundTripTime === "number") {
        result.roundTripMs = report.roundTripTime * 1000;
      }
    });
    return result;
  }

  private media(): MediaStreamConstraints {
    return { audio: microphoneConstraints(), video: false };
  }

  private listenTo(agent: UA): void {
    const whileCurrent = (change: Partial<PhoneState>) => {
      if (this.agent === agent) this.change(change);
    };
    agent.on("registered", () => whileCurrent({ registration: "registered", cause: "" }));
    agent.on("unregistered", () => whileCurrent({ registration: "connecting" }));
    agent.on("disconnected", () => whileCurrent({ registration: "connecting" }));
    agent.on("registrationFailed", (event) =>
      whileCurrent({ registration: "failed", cause: String(event.cause ?? "") }),
    );
    agent.on("newRTCSession", (event: { originator: string; session: unknown }) => {
      if (this.agent === agent) this.take(event.session as Session, event.originator === "remote");
    });
  }

  private take(session: Session, isIncoming: boolean): void {
    // One call at a time: a second INVITE finds the line busy.
    if (isIncoming && this.session) return void session.terminate({ status_code: 486 });
    this.session = session;
    this.change({ call: isIncoming ? "ringing" : "connecting", isMuted: false, cause: "" });
    session.on("confirmed", () => this.whileIn(session, { call: "talking" }));
    session.on("accepted", () => this.whileIn(session, { call: "talking" }));
    session.on("ended", () => this.over(session, ""));
    session.on("failed", (event) => this.over(session, event.cause));
    session.on("getusermediafailed", () => this.whileIn(session, { cause: "microphone" }));
    session.on("peerconnection", (event) => this.hear(event.peerconnection));
    // An outgoing call has its connection already when the session is announced.
    const connection = session.connection as RTCPeerConnection | null;
    if (connection) this.hear(connection);
  }

  private hear(connection: RTCPeerConnection): void {
    connection.addEventListener("track", (event) => {
      void playRemote(event.streams[0] ?? new MediaStream([event.track]));
    });
  }

  private whileIn(session: Session, change: Partial<PhoneState>): void {
    if (this.session === session) this.change(change);
  }

  private over(session: Session, cause: string): void {
    if (this.session !== session) return;
    this.session = null;
    const wasMicrophone = this.state.cause === "microphone";
    this.change({ call: "none", isMuted: false, cause: wasMicrophone ? "microphone" : cause });
  }

  private change(change: Partial<PhoneState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** A hang-up here would be the agent's: the centre itself ends this leg, as soon as the other window's has its place. */
function leaveTo(agent: UA, session: Session): void {
  session.on("ended", () => agent.stop());
  session.on("failed", () => agent.stop());
  agent.unregister();
}
