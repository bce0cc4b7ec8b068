import type { InputHTMLAttributes } from "react";

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange"> {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

export function Field({ label, onChange, ...input }: Props) {
  return (
    <label className="field">
      <span>{label}</span>
      <input {...input} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

interface TextProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

export const LONGEST = 4000;

export function TextField({ label, value, onChange }: TextProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <textarea
        required
        rows={5}
        maxLength={LONGEST}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        data-testid="text"
      />
    </label>
  );
}
