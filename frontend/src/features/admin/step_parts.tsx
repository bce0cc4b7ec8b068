/** Parts of a step: what is said, and which key leads where. */
import { CloseOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { useWords } from "@/words";
import { choiceKeys, KEYS } from "./flow_graph";

export interface Speech {
  prompt?: string;
  zh?: string;
  en?: string;
  digits?: string;
}

/** Empty fields are left out: the definition refuses empty texts. */
function withField(speech: Speech, name: "prompt" | "zh" | "en", value: string): Speech {
  const others = Object.entries(speech).filter(([field]) => field !== name);
  return Object.fromEntries(value ? [...others, [name, value]] : others) as Speech;
}

export function SpeechesEditor({ value, onChange }: { value: Speech[]; onChange: (value: Speech[]) => void }) {
  const { t } = useWords();
  const replace = (index: number, speech: Speech) => onChange(value.map((old, at) => (at === index ? speech : old)));
  return (
    <div className="stack">
      {value.map((speech, index) => (
        <div key={index} className="card stack">
          <div className="row">
            <Input
              className="grow"
              prefix={t("admin.speech_prompt")}
              aria-label={t("admin.speech_prompt")}
              value={speech.prompt ?? ""}
              onChange={(event) => replace(index, withField(speech, "prompt", event.target.value))}
            />
            <Button
              type="text"
              icon={<CloseOutlined />}
              aria-label={t("general.remove")}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            />
          </div>
          {(["zh", "en"] as const).map((language) => (
            <Input.TextArea
              key={language}
              lang={language}
              autoSize={{ minRows: 1, maxRows: 5 }}
              maxLength={1000}
              aria-label={t(`admin.speech_${language}`)}
              placeholder={t(`admin.speech_${language}`)}
              value={speech[language] ?? ""}
              onChange={(event) => replace(index, withField(speech, language, event.target.value))}
            />
          ))}
        </div>
      ))}
      <Button data-testid="add-speech" onClick={() => onChange([...value, {}])}>
        {t("admin.add_speech")}
      </Button>
    </div>
  );
}

interface ChoicesProps {
  value: Record<string, string>;
  steps: { value: string; label: string }[];
  onChange: (value: Record<string, string>) => void;
}

export function ChoicesEditor({ value, steps, onChange }: ChoicesProps) {
  const { t } = useWords();
  const free = KEYS.filter((key) => !(key in value)).map((key) => ({ value: key, label: key }));
  const remove = (key: string) =>
    onChange(Object.fromEntries(Object.entries(value).filter(([other]) => other !== key)));
  return (
    <div className="stack">
      {choiceKeys(value).map((key) => (
        <div key={key} className="row">
          <kbd>{key}</kbd> →
          <Select
            className="grow"
            value={value[key] || undefined}
            data-testid={`choice-${key}`}
            aria-label={`${t("admin.key")} ${key}`}
            options={steps}
            onChange={(step: string) => onChange({ ...value, [key]: step })}
          />
          <Button
            type="text"
            icon={<CloseOutlined />}
            aria-label={`${t("general.remove")} ${key}`}
            onClick={() => remove(key)}
          />
        </div>
      ))}
      <Select
        value={null}
        style={{ width: 160 }}
        placeholder={t("admin.add_key")}
        aria-label={t("admin.add_key")}
        options={free}
        onChange={(key: string | null) => {
          if (key) onChange({ ...value, [key]: "" });
        }}
      />
    </div>
  );
}
