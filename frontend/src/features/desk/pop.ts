import { queryOptions } from "@tanstack/react-query";
import { fetchPop } from "@/api/desk";
import { ApiError } from "@/api/http";

/** What is written a moment after the offer is asked for again quickly until it is there. */
export const untilKnown = {
  retry: (count: number, error: Error) => (error instanceof ApiError && error.status !== 404 ? false : count < 40),
  retryDelay: 500,
};

export function popQuery(contactId: string | undefined) {
  return queryOptions({
    queryKey: ["pop", contactId],
    queryFn: () => fetchPop(contactId ?? ""),
    enabled: contactId !== undefined,
    ...untilKnown,
    staleTime: 30_000,
  });
}
