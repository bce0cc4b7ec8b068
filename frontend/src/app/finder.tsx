/** Ctrl+K: find a customer or a ticket, or go to a page. */
import { Input, Modal } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";
import { searchCustomers } from "@/api/customers";
import { fetchTickets } from "@/api/tickets";
import { isComposing } from "@/shared/hotkeys";
import { useMay } from "@/shared/session";
import { useWords } from "@/words";
import type { Area } from "./areas";

interface Hit {
  key: string;
  label: string;
  detail: string;
  path: string;
}

function useHits(text: string, areas: readonly Area[]): Hit[] {
  const { t, text: inWords } = useWords();
  const may = useMay();
  const isLong = text.trim().length >= 2;
  const customers = useQuery({
    queryKey: ["find-customers", text],
    queryFn: () => searchCustomers(text),
    enabled: isLong && may("customers.view"),
  });
  const tickets = useQuery({
    queryKey: ["find-tickets", text],
    queryFn: () => fetchTickets({ search: text }),
    enabled: isLong && may("tickets.view"),
  });
  const pages = areas
    .map((area) => ({ key: area.path, label: t(area.name), detail: t("shell.find_pages"), path: area.path }))
    .filter((hit) => hit.label.toLowerCase().includes(text.trim().toLowerCase()));
  const people = (customers.data?.items ?? []).slice(0, 8).map((customer) => ({
    key: customer.id,
    label: `${customer.name} ${customer.number}`,
    detail: customer.address,
    path: `/contacts?customer_id=${customer.id}`,
  }));
  const matters = (tickets.data?.items ?? []).slice(0, 8).map((ticket) => ({
    key: ticket.id,
    label: `${ticket.number} ${inWords(ticket.type_name)}`,
    detail: ticket.text.slice(0, 60),
    path: `/tickets/${ticket.id}`,
  }));
  return isLong ? [...people, ...matters, ...pages] : pages;
}

export function Finder({ isOpen, areas, onClose }: { isOpen: boolean; areas: readonly Area[]; onClose: () => void }) {
  const { t } = useWords();
  return (
    <Modal open={isOpen} onCancel={onClose} footer={null} title={t("shell.find")} destroyOnHidden width={560}>
      <FinderBody areas={areas} onClose={onClose} />
    </Modal>
  );
}

function FinderBody({ areas, onClose }: { areas: readonly Area[]; onClose: () => void }) {
  const { t } = useWords();
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const hits = useHits(useDeferredValue(text), areas);
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    void navigate(hit.path);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((index) => Math.min(Math.max(index + step, 0), hits.length - 1));
    } else if (event.key === "Enter") {
      go(hits[chosen]);
    }
  };
  return (
    <div className="stack">
      <Input
        autoFocus
        value={text}
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls="finder-hits"
        aria-activedescendant={hits[chosen] ? `hit-${chosen}` : undefined}
        aria-label={t("shell.find")}
        placeholder={t("shell.find_hint")}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      {hits.length === 0 ? (
        <p className="quiet" role="status">
          {t("shell.find_nothing")}
        </p>
      ) : null}
      <div
        role="listbox"
        id="finder-hits"
        hidden={hits.length === 0}
        aria-label={t("shell.find")}
        style={{ maxHeight: "50vh", overflow: "auto" }}
      >
        {hits.map((hit, index) => (
          <div
            key={hit.key}
            id={`hit-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={index === chosen ? "hit chosen" : "hit"}
            onClick={() => go(hit)}
          >
            <div>{hit.label}</div>
            <div className="quiet">{hit.detail}</div>
          </div>
        ))}
      </div>
    </div>
  );
}
