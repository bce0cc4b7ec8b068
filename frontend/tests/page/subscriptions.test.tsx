import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { App } from "antd";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addSubscription, changeSubscription, type Customer, type Subscription } from "@/api/customers";
import { ApiError } from "@/api/http";
import { Subscriptions } from "@/features/desk/subscriptions";
import { setLanguage, startWords } from "@/words";

const CHOICES = [
  { field: "product_line", code: "adsl", name: { zh: "ADSL宽带", en: "ADSL" } },
  { field: "product_line", code: "phs", name: { zh: "小灵通", en: "PHS" } },
];

vi.mock("@/api/customers", async (original) => ({
  ...(await original<object>()),
  addSubscription: vi.fn(() => Promise.resolve({ id: "new" })),
  changeSubscription: vi.fn(() => Promise.resolve({})),
  fetchSteeringChoices: () => Promise.resolve(CHOICES),
}));
vi.mock("@/shared/session", async (original) => ({ ...(await original<object>()), useMay: () => () => true }));

const held = (id: string, product_line: string, values: Partial<Subscription> = {}): Subscription => ({
  id,
  product_line,
  label: "",
  service_number: "",
  brand: "",
  valid_from: null,
  valid_to: null,
  version: 3,
  ...values,
});

function open(...subscriptions: Subscription[]) {
  const onChanged = vi.fn(() => Promise.resolve());
  const customer = { id: "c", tenant_id: "t", name: "Chen Yu", subscriptions } as unknown as Customer;
  render(
    <App>
      <QueryClientProvider client={new QueryClient()}>
        <Subscriptions customer={customer} contactId="k" onChanged={onChanged} />
      </QueryClientProvider>
    </App>,
  );
  return onChanged;
}

beforeEach(() => {
  startWords();
  setLanguage("en");
});
afterEach(() => vi.clearAllMocks());

describe("the subscriptions of a customer", () => {
  it("are shown by name while they last, and all of them where they are changed", async () => {
    open(held("1", "adsl", { label: "Home" }), held("2", "phs", { valid_to: "2014-12-31" }));
    await waitFor(() => expect(screen.getByTestId("subscription").textContent).toContain("ADSL"));
    expect(screen.getAllByTestId("subscription")).toHaveLength(1);
    fireEvent.click(screen.getByTestId("subscriptions"));
    const drawer = within(await screen.findByRole("dialog"));
    expect(drawer.getAllByTestId("subscription").map((row) => row.textContent)).toEqual([
      "ADSLHome",
      "PHSuntil 2014-12-31",
    ]);
  });

  it("end today by two clicks, and keep the number that is not shown whole", async () => {
    const onChanged = open(held("1", "adsl", { service_number: "ad-****3001" }));
    fireEvent.click(screen.getByTestId("subscriptions"));
    fireEvent.click(await screen.findByTestId("subscription-edit"));
    fireEvent.click(await screen.findByTestId("subscription-end"));
    fireEvent.click(screen.getByTestId("subscription-save"));
    await waitFor(() => expect(onChanged).toHaveBeenCalled());
    const [, id, sent] = vi.mocked(changeSubscription).mock.calls[0] ?? [];
    expect(id).toBe("1");
    expect(sent).toMatchObject({ version: 3, valid_from: null, product_line: "adsl" });
    expect(sent?.valid_to).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(sent).not.toHaveProperty("service_number");
  });

  it("are read again when somebody else's change was in the way", async () => {
    vi.mocked(changeSubscription).mockRejectedValueOnce(new ApiError(409, "stale", "Changed meanwhile.", {}));
    const onChanged = open(held("1", "adsl"));
    fireEvent.click(screen.getByTestId("subscriptions"));
    fireEvent.click(await screen.findByTestId("subscription-edit"));
    fireEvent.click(await screen.findByTestId("subscription-save"));
    await waitFor(() => expect(onChanged).toHaveBeenCalled());
    expect(screen.getByTestId("subscription-save")).toBeTruthy();
  });

  it("are not added without a product line", async () => {
    open();
    fireEvent.click(screen.getByTestId("subscriptions"));
    fireEvent.click(await screen.findByTestId("subscription-add"));
    fireEvent.click(await screen.findByTestId("subscription-save"));
    await screen.findByText("Please fill this in");
    expect(addSubscription).not.toHaveBeenCalled();
  });
});
