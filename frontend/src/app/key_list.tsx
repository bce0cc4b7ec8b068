/** Ctrl+/: every key and what it does; each can be given another one. */
import { Alert, Button, Modal } from "antd";
import { useEffect, useState } from "react";
import {
  captureNextKey,
  chordOf,
  DEFAULT_KEYS,
  isAllowedChord,
  keepKeys,
  useHotkey,
  useKeyMap,
  type KeyAction,
} from "@/shared/hotkeys";
import { useWords } from "@/words";

export function KeyList() {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  useHotkey("list", () => setOpen((wasOpen) => !wasOpen));
  return (
    <Modal open={isOpen} onCancel={() => setOpen(false)} footer={null} title={t("keys.title")} destroyOnHidden>
      <KeyTable />
    </Modal>
  );
}

function KeyTable() {
  const { t } = useWords();
  const keys = useKeyMap();
  const [changing, setChanging] = useState<KeyAction | null>(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    if (!changing) return;
    return captureNextKey((event) => {
      const chord = chordOf(event);
      if (!chord) return;
      setChanging(null);
      setProblem("");
      if (chord === "Escape") return;
      const other = (Object.keys(keys) as KeyAction[]).find((name) => name !== changing && keys[name] === chord);
      if (other) return setProblem(t("keys.taken", { name: t(`keys.${other}`) }));
      if (!isAllowedChord(chord)) return setProblem(t("keys.not_allowed"));
      keepKeys({ ...keys, [changing]: chord });
    });
  }, [changing, keys, t]);

  return (
    <div className="stack">
      {problem ? <Alert type="warning" title={problem} showIcon /> : null}
      <table>
        <tbody>
          {(Object.keys(DEFAULT_KEYS) as KeyAction[]).map((action) => (
            <tr key={action}>
              <td style={{ paddingRight: 16 }}>
                <kbd>{keys[action]}</kbd>
              </td>
              <td style={{ width: "100%" }}>{changing === action ? t("keys.press") : t(`keys.${action}`)}</td>
              <td>
                <Button size="small" onClick={() => setChanging(action)}>
                  {t("keys.change")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="quiet">{t("keys.in_tables")}</p>
      <Button onClick={() => keepKeys({ ...DEFAULT_KEYS })}>{t("keys.reset")}</Button>
    </div>
  );
}
