import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, within } from "@testing-library/react";
import { App } from "antd";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/api/http";
import { changeRecord } from "@/api/setup";
import { RecordDrawer } from "@/features/admin/record_drawer";
import { RESOURCES, type Resource } from "@/features/admin/resources";
import { setLanguage, startWords } from "@/words";

vi.mock("@/api/setup", async (original) => ({ ...(await original<object>()), changeRecord: vi.fn() }));
vi.mock("@/shared/session", async (original) => ({ ...(await original<object>()), useTenants: () => [] }));

const levels = RESOURCES["funnel-levels"] as Resource;
const RECORD = { id: "1", tenant_id: "t", version: 1, number: 1, name: { zh: "一级", en: "First" }, queue_id: null };
const FINDINGS = [
  { code: "routing.skill_unheld", sentence: { zh: "没有人会焊接。", en: "Nobody can weld." } },
  { code: "routing.queue_without_agent", sentence: { zh: "没有坐席能接。", en: "No agent can take it." } },
];

function refuse() {
  const refusal = new ApiError(422, "routing.setup_worse", "Nothing was saved. Nobody can weld.", {
    findings: FINDINGS,
  });
  vi.mocked(changeRecord).mockRejectedValueOnce(refusal);
}

async function save() {
  fireEvent.change(screen.getAllByRole("spinbutton")[0] as HTMLElement, { target: { value: "2" } });
  fireEvent.click(screen.getByRole("button", { name: /Save|保\s*存/ }));
  return screen.findByTestId("refusal");
}

function open() {
  const onClose = vi.fn();
  render(
    <App>
      <QueryClientProvider client={new QueryClient()}>
        <RecordDrawer resource={levels} record={RECORD} title="First" onClose={onClose} onSaved={vi.fn()} />
      </QueryClientProvider>
    </App>,
  );
  return onClose;
}

beforeEach(() => {
  startWords();
  setLanguage("en");
});

describe("a record that is refused", () => {
  it("says every reason in its form, which stays open", async () => {
    refuse();
    const onClose = open();
    const told = await save();
    expect(told.textContent).toContain("Nothing was saved. Nobody can weld.");
    expect(
      within(told)
        .getAllByRole("listitem")
        .map((item) => item.textContent),
    ).toEqual(["No agent can take it."]);
    expect(onClose).not.toHaveBeenCalled();
  });

  it("tells them in the reader's language", async () => {
    setLanguage("zh");
    refuse();
    open();
    expect((await save()).textContent).toContain("没有坐席能接。");
  });
});
