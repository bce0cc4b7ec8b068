/** Ask the switch for something; what it refuses is shown as a notice. */
import { useLive } from "@/live/hooks";
import { useNotices } from "./notices";

/** Gives back whether it was done. */
export function useAct(): (name: string, args: Record<string, unknown>) => Promise<boolean> {
  const live = useLive();
  const { bad } = useNotices();
  return async (name, args) => {
    try {
      await live.act(name, args);
      return true;
    } catch (error) {
      bad(error);
      return false;
    }
  };
}
