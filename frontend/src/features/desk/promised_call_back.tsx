/** A call-back is promised to the customer in hand: settled by one click or one key, else by the queue's rule. */
import { CheckOutlined } from "@ant-design/icons";
import { Alert, Button } from "antd";
import type { ContactDocument, PromiseDocument } from "@/live/documents";
import { useHotkey, useKeyMap } from "@/shared/hotkeys";
import { momentText } from "@/shared/moments";
import { useWords } from "@/words";
import { useAct } from "./work";

function Promised({ promise, isOff }: { promise: PromiseDocument; isOff: boolean }) {
  const { t, text } = useWords();
  const keys = useKeyMap();
  const act = useAct();
  const settle = (isDone: boolean) => void act("SettleCallback", { contact_id: promise.contact_id, is_done: isDone });
  useHotkey("promise", isOff ? null : () => settle(true));
  const queue = promise.queue_name ? text(promise.queue_name) : t("general.unknown");
  const title = t("desk.promise_title", { queue, since: momentText(promise.asked_ms), count: promise.attempts });
  const choice = (
    <span className="row">
      <Button
        size="small"
        type="primary"
        disabled={isOff}
        onClick={() => settle(true)}
        icon={<CheckOutlined aria-hidden />}
        data-testid="promise-done"
      >
        {t("desk.promise_done")} <kbd>{keys.promise}</kbd>
      </Button>
      <Button size="small" disabled={isOff || promise.is_kept} onClick={() => settle(false)} data-testid="promise-keep">
        {t("desk.promise_keep")}
      </Button>
    </span>
  );
  const kept = promise.is_kept ? t("desk.promise_kept") : undefined;
  return <Alert type="info" showIcon banner title={title} description={kept} action={choice} data-testid="promise" />;
}

export function PromisedCallBacks({ contact, isOff }: { contact: ContactDocument; isOff: boolean }) {
  return (
    <>
      {contact.promises.map((promise) => (
        <Promised key={promise.contact_id} promise={promise} isOff={isOff} />
      ))}
    </>
  );
}
