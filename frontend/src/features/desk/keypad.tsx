import { AppstoreOutlined } from "@ant-design/icons";
import { Button, Popover } from "antd";
import { useState } from "react";
import { usePhone } from "@/softphone/hooks";
import { useWords } from "@/words";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** Tones for the far end's menus; digits may be clicked or typed. */
export function Keypad({ isOff }: { isOff: boolean }) {
  const { t } = useWords();
  const { phone, state } = usePhone();
  const [sent, setSent] = useState("");
  const isPossible = !isOff && state.call === "talking";
  const send = (digit: string) => {
    phone.sendDigit(digit);
    setSent((former) => (former + digit).slice(-16));
  };
  const pad = (
    <div
      role="group"
      aria-label={t("desk.keypad")}
      onKeyDown={(event) => {
        if (DIGITS.includes(event.key)) send(event.key);
      }}
    >
      <div className="digits" aria-live="polite" style={{ minHeight: "1.6em" }}>
        {sent}
      </div>
      <div style={{ display: "grid", gridTemplateColumns: "repeat(3, 44px)", gap: 4 }}>
        {DIGITS.map((digit) => (
          <Button key={digit} style={{ height: 40 }} onClick={() => send(digit)}>
            {digit}
          </Button>
        ))}
      </div>
    </div>
  );
  return (
    <Popover content={pad} trigger="click" onOpenChange={() => setSent("")}>
      <Button disabled={!isPossible} icon={<AppstoreOutlined aria-hidden />} data-testid="keypad">
        {t("desk.keypad")}
      </Button>
    </Popover>
  );
}
