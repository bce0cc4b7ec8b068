import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { App } from "antd";
import type { Middleware } from "openapi-fetch";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { client } from "@/api/client";
import type { Abandoned } from "@/api/contacts";
import { CallBackButton } from "@/features/contacts/abandoned_page";
import { startWords } from "@/words";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let sent: [string, unknown][] = [];
/** Answers in the server's place, and notes what it was sent. */
const server: Middleware = {
  async onRequest({ request }) {
    sent.push([new URL(request.url).pathname, await request.clone().json()]);
    return Response.json({ contact_id: "k2" }, { status: 202 });
  },
};

function show(can_be_called: boolean) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <App>
        <CallBackButton row={{ contact_id: "k1", can_be_called } as Abandoned} />
      </App>
    </QueryClientProvider>,
  );
}

const order = async () => fireEvent.click(await screen.findByTestId("order-call-back"));

beforeAll(startWords);
beforeEach(() => {
  sent = [];
  client.use(server);
});
afterEach(() => client.eject(server));

describe("a call-back to somebody who gave up waiting", () => {
  it("is ordered as soon as may be when no moment is chosen", async () => {
    show(true);
    fireEvent.click(screen.getByTestId("call-back"));
    await order();
    await waitFor(() => expect(sent).toEqual([["/api/v1/abandoned/k1/call-back", { not_before: null }]]));
  });

  it("is ordered not before the moment that is chosen", async () => {
    show(true);
    fireEvent.click(screen.getByTestId("call-back"));
    const moment = new Date(Math.ceil((Date.now() + DAY_MS) / MINUTE_MS) * MINUTE_MS);
    const part = (value: number) => String(value).padStart(2, "0");
    const day = [moment.getFullYear(), part(moment.getMonth() + 1), part(moment.getDate())].join("-");
    const field = await screen.findByLabelText(/最早时间|Not before/);
    fireEvent.mouseDown(field);
    fireEvent.change(field, { target: { value: `${day} ${part(moment.getHours())}:${part(moment.getMinutes())}` } });
    fireEvent.keyDown(field, { key: "Enter", code: "Enter" });
    await order();
    await waitFor(() =>
      expect(sent).toEqual([["/api/v1/abandoned/k1/call-back", { not_before: moment.toISOString() }]]),
    );
  });

  it("cannot be ordered to a withheld number", () => {
    show(false);
    expect((screen.getByTestId("call-back") as HTMLButtonElement).disabled).toBe(true);
  });
});
