/** Requests to the server: session cookie, CSRF header, one kind of error with the server's own sentence. */
import { currentLanguage, translate } from "@/words";
import { refusalInWords } from "@/words/refusals";

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    sentence: string,
    readonly data: Record<string, unknown> = {},
  ) {
    super(sentence);
  }
}

/** The server could not be reached at all. */
export class OfflineError extends Error {}

export interface RequestOptions {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  /** The same key with the same body is done once, however often it is sent. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export function csrfToken(): string {
  const match = /(?:^|;\s*)hotline_csrf=([^;]+)/.exec(document.cookie);
  return decodeURIComponent(match?.[1] ?? "");
}

function address(path: string, query: RequestOptions["query"]): string {
  const pairs = Object.entries(query ?? {}).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const search = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString();
  return search ? `${path}?${search}` : path;
}

/** What every request says: the reader's language, and the CSRF token when it writes. */
export function commonHeaders(method: string): Headers {
  const result = new Headers({ Accept: "application/json", "Accept-Language": currentLanguage() });
  if (method !== "GET") result.set("X-CSRFToken", csrfToken());
  return result;
}

function headers(method: string, options: RequestOptions): Headers {
  const result = commonHeaders(method);
  if (options.body !== undefined && !(options.body instanceof FormData)) {
    result.set("Content-Type", "application/json");
  }
  if (options.idempotencyKey) result.set("Idempotency-Key", options.idempotencyKey);
  return result;
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const body = options.body instanceof FormData ? options.body : JSON.stringify(options.body);
  try {
    return await fetch(address(path, options.query), {
      method,
      headers: headers(method, options),
      credentials: "same-origin",
      body: options.body === undefined ? undefined : body,
      signal: options.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new OfflineError(translate("general.offline_title"));
  }
}

interface ErrorBody {
  code?: string;
  sentence?: string;
  detail?: unknown;
  data?: Record<string, unknown>;
}

export async function errorOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const code = body.code ?? String(response.status);
  const plain = typeof body.detail === "string" ? body.detail : undefined;
  const sentence = body.sentence ?? plain ?? translate("general.call_failed", { status: response.status });
  return new ApiError(response.status, code, sentence, body.data);
}

/** The decoded answer. Raises ApiError with the server's sentence, or OfflineError. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  if (!response.ok) throw await errorOf(response);
  const isEmpty = response.status === 204 || response.headers.get("Content-Length") === "0";
  return (isEmpty ? undefined : await response.json()) as T;
}

/** What to tell the person at the screen. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error) || !error.message) return translate("general.failed");
  const { code, data } = error as { code?: unknown; data?: Record<string, unknown> };
  return (typeof code === "string" && refusalInWords(code, data ?? {})) || error.message;
}
