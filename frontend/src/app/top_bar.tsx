/** Top bar: whose work this is, search, link, outbox, display and account. */
import {
  ApiOutlined,
  DesktopOutlined,
  DisconnectOutlined,
  GlobalOutlined,
  SearchOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { Badge, Button, Dropdown, Popover, Tooltip, type MenuProps } from "antd";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { logOut, savePreferences, type Preferences } from "@/api/account";
import type { MeDocument } from "@/live/documents";
import { useDocument, useLinkStatus, useLive, usePendingActions, useSilence, useSystem } from "@/live/hooks";
import { SimulatedBadge } from "@/shared/badges";
import { setDisplay, useDisplay } from "@/shared/display";
import { useHotkey, useKeyMap } from "@/shared/hotkeys";
import { useMay, useMe, useTenants } from "@/shared/session";
import { useNotices } from "@/shared/notices";
import { LANGUAGES } from "@/features/account/log_in_page";
import { setLanguage, useWords, type Language } from "@/words";
import { AlarmBell } from "./alarm_bell";
import type { Area } from "./areas";
import { Finder } from "./finder";

function TenantName() {
  const { t, text } = useWords();
  const tenants = useTenants();
  const first = tenants[0];
  if (!first) return null;
  const more = tenants.length > 1 ? ` +${tenants.length - 1}` : "";
  const all = tenants.map((tenant) => text(tenant.name)).join(", ");
  return (
    <Tooltip title={`${t("shell.tenants")}: ${all}`}>
      <span className="tenant-name" style={{ "--brand": first.brand_colour } as React.CSSProperties}>
        {text(first.name)}
        {more}
      </span>
    </Tooltip>
  );
}

/** Where I sit while I am signed in; nothing at home. */
function SeatText() {
  const { t } = useWords();
  const seat = useDocument<MeDocument>("me")?.seat;
  if (!seat) return null;
  return (
    <span className="seat-text" title={t("desk.seat_at", { label: seat.label })} data-testid="my-seat">
      <DesktopOutlined aria-hidden /> {seat.label}
    </span>
  );
}

function LinkStatusText() {
  const { t } = useWords();
  const status = useLinkStatus();
  const silence = useSilence();
  if (status === "live") {
    return (
      <span className="link-status quiet" role="status" data-link={status}>
        <ApiOutlined aria-hidden /> <span className="wide-only">{t("shell.live")}</span>
      </span>
    );
  }
  const words = {
    off: t("shell.connecting"),
    connecting: t("shell.connecting"),
    stale: t("shell.stale", { n: Math.round(silence / 1000) }),
    offline: t("shell.offline"),
    logged_out: t("shell.logged_out"),
    forbidden: t("shell.forbidden_live"),
  };
  return (
    <strong className="link-status" role="status" data-link={status}>
      <DisconnectOutlined aria-hidden /> {words[status]}
    </strong>
  );
}

/** What was asked and could not be delivered yet can be seen, and taken back. */
function Outbox() {
  const { t } = useWords();
  const live = useLive();
  const pending = usePendingActions();
  const status = useLinkStatus();
  if (pending.length === 0 || status === "live") return null;
  const list = (
    <div className="stack">
      {pending.map((action) => (
        <div key={action.id} className="row">
          <span className="grow">{action.name}</span>
          <Button size="small" onClick={() => live.withdraw(action.id)}>
            {t("shell.outbox_withdraw")}
          </Button>
        </div>
      ))}
    </div>
  );
  return (
    <Popover content={list} trigger="click">
      <Badge count={pending.length} size="small">
        <Button size="small">{t("shell.outbox", { n: pending.length })}</Button>
      </Badge>
    </Popover>
  );
}

function usePreferenceMenu(): MenuProps["items"] {
  const { t, language } = useWords();
  const { theme, textSize } = useDisplay();
  const { bad } = useNotices();
  const client = useQueryClient();
  const choose = (preferences: Preferences) => {
    savePreferences(preferences)
      .then((me) => client.setQueryData(["me"], me))
      .catch(bad);
  };
  const mark = (isChosen: boolean) => (isChosen ? "✓ " : "");
  const themes = [
    ["system", t("shell.theme_system")],
    ["light", t("shell.theme_light")],
    ["dark", t("shell.theme_dark")],
  ] as const;
  return [
    {
      key: "language",
      label: t("shell.language"),
      children: LANGUAGES.map(({ value, label }) => ({
        key: value,
        label: mark(language === value) + label,
        onClick: () => {
          setLanguage(value satisfies Language);
          choose({ language: value });
        },
      })),
    },
    {
      key: "theme",
      label: t("shell.theme"),
      children: themes.map(([value, label]) => ({
        key: value,
        label: mark(theme === value) + label,
        onClick: () => {
          setDisplay({ theme: value });
          choose({ theme: value });
        },
      })),
    },
    {
      key: "text_size",
      label: t("shell.text_size"),
      children: ([14, 16, 18] as const).map((value) => ({
        key: String(value),
        label: mark(textSize === value) + String(value),
        onClick: () => {
          setDisplay({ textSize: value });
          choose({ text_size: value });
        },
      })),
    },
  ];
}

function AccountMenu() {
  const { t } = useWords();
  const me = useMe();
  const navigate = useNavigate();
  const preferences = usePreferenceMenu();
  const items: MenuProps["items"] = [
    ...(preferences ?? []),
    { type: "divider" },
    { key: "account", label: t("shell.account"), onClick: () => void navigate("/account") },
    {
      key: "log_out",
      label: t("shell.log_out"),
      onClick: () => void logOut().finally(() => location.assign("/")),
    },
  ];
  return (
    <Dropdown menu={{ items }} trigger={["click"]}>
      <Button type="text" icon={<UserOutlined aria-hidden />}>
        <span className="wide-only">{me.name || me.username}</span>
      </Button>
    </Dropdown>
  );
}

function LanguageSwitch() {
  const { t, language } = useWords();
  const { bad } = useNotices();
  const client = useQueryClient();
  const other: Language = language === "zh" ? "en" : "zh";
  const name = LANGUAGES.find(({ value }) => value === other)?.label;
  const change = () => {
    setLanguage(other);
    savePreferences({ language: other })
      .then((me) => client.setQueryData(["me"], me))
      .catch(bad);
  };
  return (
    <Button type="text" lang={other} icon={<GlobalOutlined aria-hidden />} onClick={change} title={t("shell.language")}>
      {name}
    </Button>
  );
}

export function TopBar({ areas }: { areas: readonly Area[] }) {
  const { t } = useWords();
  const keys = useKeyMap();
  const system = useSystem();
  const tenants = useTenants();
  const may = useMay();
  const [isFinding, setFinding] = useState(false);
  useHotkey("find", () => setFinding(true));
  const isSimulated = (system?.is_simulated ?? false) || tenants.some((tenant) => tenant.is_simulated);
  return (
    <header className="top-bar">
      <strong className="wide-only">{t("shell.product")}</strong>
      <TenantName />
      <SimulatedBadge isShown={isSimulated} />
      <Button icon={<SearchOutlined aria-hidden />} onClick={() => setFinding(true)}>
        <span className="wide-only">
          {t("shell.find")} <kbd>{keys.find}</kbd>
        </span>
      </Button>
      <span className="grow" />
      {system && !system.has_voice ? (
        <Tooltip title={t("shell.no_voice_hint")}>
          <strong tabIndex={0}>{t("shell.no_voice")}</strong>
        </Tooltip>
      ) : null}
      {may("floor.handle_alarms") ? <AlarmBell /> : null}
      <SeatText />
      <Outbox />
      <LinkStatusText />
      <LanguageSwitch />
      <AccountMenu />
      <Finder isOpen={isFinding} areas={areas} onClose={() => setFinding(false)} />
    </header>
  );
}
