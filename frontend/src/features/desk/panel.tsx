import { useRef, type ReactNode } from "react";
import { useHotkey, type KeyAction } from "@/shared/hotkeys";

/** Alt and its number brings the panel into view and its first control into focus. */
export function Panel({ hotkey, className, children }: { hotkey: KeyAction; className?: string; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useHotkey(hotkey, () => {
    place.current?.scrollIntoView({ block: "nearest" });
    place.current?.querySelector<HTMLElement>("input, textarea, button, a[href]")?.focus();
  });
  return (
    <div ref={place} className={className}>
      {children}
    </div>
  );
}
