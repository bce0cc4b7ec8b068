import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, renderHook, screen } from "@testing-library/react";
import { Form } from "antd";
import type { ReactNode } from "react";
import { beforeAll, describe, expect, it } from "vitest";
import { FieldControl } from "@/features/admin/field_control";
import { useShown } from "@/features/admin/field_values";
import { RESOURCES } from "@/features/admin/resources";
import { isNamedHour } from "@/shared/clock_axis";
import { setLanguage, startWords } from "@/words";

const rules = RESOURCES["labour-rules"];
const week = rules?.fields.find(({ name }) => name === "week_min");

beforeAll(() => {
  startWords();
  setLanguage("en");
});

function Shell({ children }: { children: ReactNode }) {
  return <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>;
}

describe("paid time of labour rules", () => {
  it("is written in hours and kept in minutes", () => {
    if (!week) throw new Error("labour rules have no week");
    let kept: unknown;
    render(
      <Form initialValues={{ week_min: 2310 }} onValuesChange={(changed) => (kept = changed)}>
        <FieldControl field={week} />
      </Form>,
      { wrapper: Shell },
    );
    const box = screen.getByRole("spinbutton");
    expect((box as HTMLInputElement).value).toBe("38.5");
    fireEvent.change(box, { target: { value: "37.75" } });
    expect(kept).toEqual({ week_min: 2265 });
    fireEvent.change(box, { target: { value: "" } });
    expect(kept).toEqual({ week_min: null });
  });

  it("is listed in hours", () => {
    if (!rules || !week) throw new Error("labour rules have no week");
    const { result } = renderHook(() => useShown(rules), { wrapper: Shell });
    expect(result.current(week, { id: "1", version: 1, week_min: 2310 })).toBe("38.5");
  });
});

describe("the axis of a day", () => {
  it("is named at every second full hour, whatever the interval", () => {
    const ticks = ["00:00", "00:15", "01:00", "02:00", "02:30", "22:00", "23:00"];
    expect(ticks.filter(isNamedHour)).toEqual(["00:00", "02:00", "22:00"]);
  });
});
