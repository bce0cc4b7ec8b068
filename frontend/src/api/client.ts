/** The typed client: paths and schemas are generated from the server's OpenAPI description (`npm run api`). */
import createClient, { type Middleware } from "openapi-fetch";
import { translate } from "@/words";
import { commonHeaders, errorOf, OfflineError } from "./http";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

const manners: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of commonHeaders(request.method)) request.headers.set(name, value);
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await errorOf(response);
  },
  onError({ error }) {
    return error instanceof DOMException ? error : new OfflineError(translate("general.offline_title"));
  },
};

export const client = createClient<paths>({ baseUrl: location.origin, credentials: "same-origin" });
client.use(manners);

/** The decoded answer of a call. Raises ApiError with the server's sentence, or OfflineError. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** The same key with the same body is done once, however often it is sent. */
export function once(key: string): { headers: Record<string, string> } {
  return { headers: { "Idempotency-Key": key } };
}
