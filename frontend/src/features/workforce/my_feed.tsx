/** The secret calendar address, and the private mood check. */
import { Alert, Button, Checkbox, Input, Popconfirm } from "antd";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answerMood, fetchMyCalendar, fetchMyMood, renewMyCalendar, revokeMyCalendar } from "@/api/shift_requests";
import { dateText } from "@/shared/moments";
import { useNotices } from "@/shared/notices";
import { QueryView } from "@/shared/views";
import { useWords } from "@/words";

const MY_CALENDAR = ["my-calendar"];
const MY_MOOD = ["my-mood"];
const SCORES = Array.from({ length: 10 }, (_, index) => index + 1);

export function MyFeed() {
  const { t } = useWords();
  const { bad } = useNotices();
  const queries = useQueryClient();
  const [address, setAddress] = useState("");
  const [inMessages, setInMessages] = useState(false);
  const feed = useQuery({ queryKey: MY_CALENDAR, queryFn: fetchMyCalendar });
  const again = () => void queries.invalidateQueries({ queryKey: MY_CALENDAR });
  const renew = () =>
    renewMyCalendar(inMessages)
      .then(({ path }) => setAddress(location.origin + path))
      .catch(bad)
      .finally(again);
  const revoke = () =>
    revokeMyCalendar()
      .then(() => setAddress(""))
      .catch(bad)
      .finally(again);
  return (
    <QueryView query={feed}>
      {({ is_on, since }) => (
        <div className="stack" style={{ maxWidth: 720 }}>
          <p>{t("my_roster.calendar_hint")}</p>
          <p>{is_on ? t("my_roster.calendar_on", { day: dateText(since) }) : t("my_roster.calendar_off")}</p>
          {address ? (
            <>
              <Alert type="warning" showIcon title={t("my_roster.calendar_once")} />
              <Input readOnly value={address} aria-label={t("my_roster.calendar")} data-testid="calendar-address" />
            </>
          ) : null}
          <Checkbox
            checked={inMessages}
            onChange={(event) => setInMessages(event.target.checked)}
            data-testid="calendar-in-messages"
          >
            {t("my_roster.calendar_in_messages")}
          </Checkbox>
          <div className="row">
            {is_on ? (
              <>
                <Popconfirm title={t("my_roster.calendar_renew_sure")} onConfirm={() => void renew()}>
                  <Button>{t("my_roster.calendar_renew")}</Button>
                </Popconfirm>
                <Button danger onClick={() => void revoke()}>
                  {t("my_roster.calendar_revoke")}
                </Button>
              </>
            ) : (
              <Button type="primary" onClick={() => void renew()} data-testid="make-calendar">
                {t("my_roster.calendar_do")}
              </Button>
            )}
          </div>
        </div>
      )}
    </QueryView>
  );
}

export function MyMood() {
  const { t } = useWords();
  const { good, bad } = useNotices();
  const queries = useQueryClient();
  const mood = useQuery({ queryKey: MY_MOOD, queryFn: fetchMyMood });
  const send = (score: number) =>
    answerMood(score)
      .then(() => good(t("my_roster.mood_thanks")))
      .catch(bad)
      .finally(() => void queries.invalidateQueries({ queryKey: MY_MOOD }));
  return (
    <QueryView query={mood}>
      {({ score }) => (
        <div className="stack" style={{ maxWidth: 720 }}>
          <p>{t("my_roster.mood_question")}</p>
          {score === null ? (
            <div className="mood-scale" role="group" aria-label={t("my_roster.mood_question")}>
              {SCORES.map((one) => (
                <Button key={one} onClick={() => void send(one)} data-testid={`mood-${one}`}>
                  {one}
                </Button>
              ))}
            </div>
          ) : (
            <p>{t("my_roster.mood_given", { score })}</p>
          )}
          <p className="quiet">{t("my_roster.mood_private")}</p>
        </div>
      )}
    </QueryView>
  );
}
