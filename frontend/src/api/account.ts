/** Who is logged in, and the log-in itself (django-allauth's headless interface). */
import { currentLanguage, type Language } from "@/words";
import { answer, client, type Schemas } from "./client";
import { csrfToken } from "./http";

export type Me = Schemas["Me"];
export type TenantSummary = Me["tenants"][number];
export type Preferences = { language?: Language; text_size?: 14 | 16 | 18; theme?: "system" | "light" | "dark" };

export const fetchMe = () => answer(client.GET("/api/v1/me"));
export const savePreferences = (body: Preferences) => answer(client.PATCH("/api/v1/me/preferences", { body }));
export const fetchLiveToken = () => answer(client.POST("/api/v1/live-token"));

/** Allauth answers 401 with the flows that are still to be done; that is an answer, not a failure. */
export interface LogInAnswer {
  isLoggedIn: boolean;
  pending: string[];
  errors: { message: string; code: string; param?: string }[];
  /** The server's own sentence, for example about a lockout; empty when it has none. */
  sentence: string;
  status: number;
}

interface AllauthBody {
  meta?: { is_authenticated?: boolean };
  data?: { flows?: { id: string; is_pending?: boolean }[] };
  errors?: LogInAnswer["errors"];
  sentence?: string;
  code?: string;
}

const ALLAUTH = "/_allauth/browser/v1";

function forServer(): Record<string, string> {
  return { "X-CSRFToken": csrfToken(), "Accept-Language": currentLanguage() };
}

async function allauth(method: string, path: string, body?: unknown): Promise<{ status: number; body: AllauthBody }> {
  const response = await fetch(ALLAUTH + path, {
    method,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", ...forServer() },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json().catch(() => ({}))) as AllauthBody };
}

function answerOf({ status, body }: { status: number; body: AllauthBody }): LogInAnswer {
  return {
    status,
    isLoggedIn: status === 200 && (body.meta?.is_authenticated ?? false),
    pending: (body.data?.flows ?? []).filter((flow) => flow.is_pending).map((flow) => flow.id),
    errors: body.errors ?? [],
    sentence: body.sentence ?? "",
  };
}

/** Also sets the CSRF cookie, which the log-in needs. */
export const fetchLogInState = async () => answerOf(await allauth("GET", "/auth/session"));
export const logIn = async (username: string, password: string) =>
  answerOf(await allauth("POST", "/auth/login", { username, password }));
export const confirmCode = async (code: string) => answerOf(await allauth("POST", "/auth/2fa/authenticate", { code }));
export const logOut = async () => {
  await allauth("DELETE", "/auth/session");
};

export interface TotpStatus {
  isActive: boolean;
  secret: string;
  url: string;
  svg: string;
}

export async function fetchTotp(): Promise<TotpStatus> {
  const { status, body } = await allauth("GET", "/account/authenticators/totp");
  const meta = (body.meta ?? {}) as { secret?: string; totp_url?: string; totp_svg?: string };
  return { isActive: status === 200, secret: meta.secret ?? "", url: meta.totp_url ?? "", svg: meta.totp_svg ?? "" };
}

export const activateTotp = async (code: string) =>
  answerOf(await allauth("POST", "/account/authenticators/totp", { code }));
export const removeTotp = async () => answerOf(await allauth("DELETE", "/account/authenticators/totp"));
export const confirmPassword = async (password: string) =>
  answerOf(await allauth("POST", "/auth/reauthenticate", { password }));
export const changePassword = async (current_password: string, new_password: string) =>
  answerOf(await allauth("POST", "/account/password/change", { current_password, new_password }));
