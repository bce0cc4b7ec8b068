import { queryOptions } from "@tanstack/react-query";
import { fetchPop } from "@/api/desk";
import { ApiError } from "@/api/http";

/** The contact's record may be written a moment after the offer: ask again quickly until it is there. */
export function popQuery(contactId: string | undefined) {
  return queryOptions({
    queryKey: ["pop", contactId],
    queryFn: () => fetchPop(contactId ?? ""),
    enabled: contactId !== undefined,
    retry: (count, error) => (error instanceof ApiError && error.status !== 404 ? false : count < 40),
    retryDelay: 500,
    staleTime: 30_000,
  });
}
