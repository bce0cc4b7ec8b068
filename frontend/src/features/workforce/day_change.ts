import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNotices } from "@/shared/notices";

/** Does something to the day and shows it anew; what is refused is said. */
export function useDayChange(): {
  isBusy: boolean;
  change: (done: string, act: () => Promise<unknown>) => Promise<boolean>;
} {
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const change = async (done: string, act: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await act();
      good(done);
      return true;
    } catch (error) {
      bad(error);
      return false;
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ["team-day"] });
      void queries.invalidateQueries({ queryKey: ["replacements"] });
      void queries.invalidateQueries({ queryKey: ["intraday"] });
      void queries.invalidateQueries({ queryKey: ["leave-offers"] });
    }
  };
  return { isBusy, change };
}
