/** Start of shift: ring and microphone first, then the seat, then take the post. */
import { Button } from "antd";
import { SoundCheck } from "@/shared/sound_check";
import { useWords } from "@/words";
import { SeatSelect, useSeatChoice } from "./seat_choice";
import { useAct } from "./work";

export function StartOfShift() {
  const { t } = useWords();
  const act = useAct();
  const choice = useSeatChoice();
  const signIn = async () => {
    const isDone = await act("SignIn", choice.seatId ? { seat_id: choice.seatId } : {});
    if (isDone) choice.remember();
    else choice.renew();
    return isDone;
  };
  const begin = async () => {
    if (await signIn()) await act("SetAgentState", { state: "available" });
  };
  return (
    <div className="page">
      <section className="card stack" style={{ maxWidth: 560 }}>
        <h1 style={{ fontSize: "1.3em", margin: 0 }}>{t("desk.start_title")}</h1>
        <p className="quiet">{t("desk.start_hint")}</p>
        <SoundCheck />
        <SeatSelect choice={choice} />
        <div className="row">
          <Button type="primary" size="large" onClick={() => void begin()} data-testid="begin">
            {t("desk.go_available")}
          </Button>
          <Button size="large" onClick={() => void signIn()} data-testid="sign-in">
            {t("desk.sign_in")}
          </Button>
        </div>
      </section>
    </div>
  );
}
