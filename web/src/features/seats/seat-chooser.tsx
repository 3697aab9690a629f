import { VisuallyHidden } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { hasCode } from "@/api/errors";
import type { Api } from "@/api/types";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { type BestSeats, bestSeats } from "./best-seats";
import { BestSeatsFinder } from "./best-seats-finder";
import { ChoicePanel } from "./choice-panel";
import { hallOf, nameOf, type Seat } from "./hall";
import { HallMap } from "./hall-map";
import { Legend } from "./legend";
import { FoundNote, FullNote, GoneNote, SaleNote } from "./notes";
import type { Sale } from "./sale";
import classes from "./seats-page.module.css";
import { takenSeats } from "./taken-seats";
import { useHold } from "./use-hold";
import { useList } from "./use-list";
import { usePick } from "./use-pick";

interface Props {
  showing: Api["schedule_view"];
  seats: Seat[];
  isLive: boolean;
  sale: Sale;
}

export function SeatChooser({ showing, seats, isLive, sale }: Props) {
  const t = useTranslations("seats");
  const list = useList();
  const { money } = useFormats();
  const hall = useMemo(() => hallOf(seats), [seats]);
  const { hold, error, isPending, isAsking, forget } = useHold(showing.id);
  const { pick, gone, isFull, toggle, choose, drop } = usePick(seats, isAsking);
  const [found, setFound] = useState<{ seats?: BestSeats }>();
  const picked = seats.filter((seat) => pick.includes(seat.id));

  // A lost race: the server names the seats, perhaps before the stream does.
  useEffect(() => {
    drop(takenSeats(error, seats));
  }, [error, seats, drop]);

  const change = (apply: () => void) => {
    forget();
    setFound(undefined);
    apply();
  };
  const find = (people: number) =>
    change(() => {
      const best = bestSeats(hall, people);
      setFound({ seats: best });
      if (best) choose(best.seats.map((seat) => seat.id));
    });
  const hasRoom = (people: number) => seats.filter((seat) => seat.is_available).length >= people;
  const names = list(picked.map(nameOf));

  if (sale === "cancelled" || sale === "begun") return <SaleNote sale={sale} showId={showing.show_id} />;
  return (
    <div className={classes.columns}>
      <div className={classes.map}>
        {sale !== "open" && <SaleNote sale={sale} showId={showing.show_id} />}
        <div className={classes.note} aria-live="polite">
          {gone.length > 0 && (
            <GoneNote
              gone={gone}
              left={pick.length}
              canFind={hasRoom(pick.length + gone.length)}
              onFind={() => find(pick.length + gone.length)}
            />
          )}
          {gone.length === 0 && isFull && <FullNote />}
          {gone.length === 0 && !isFull && found && (
            <FoundNote found={found.seats} free={seats.filter((seat) => seat.is_available).length} />
          )}
        </div>
        <HallMap
          hall={hall}
          pick={pick}
          price={money(showing.price, showing.currency)}
          onToggle={(seat) => change(() => toggle(seat))}
        />
        <Legend />
        {!isLive && <VisuallyHidden>{t("notLive")}</VisuallyHidden>}
      </div>
      <div className={classes.side}>
        <div className={classes.finder}>
          <BestSeatsFinder disabled={sale !== "open" || isPending} onFind={find} />
        </div>
        {error && !hasCode(error, "SEATS_TAKEN") && (
          <ProblemNote error={error} onRetry={() => hold(pick, t("choice.reason", { seats: names }))} />
        )}
        <ChoicePanel
          seats={picked}
          price={showing.price}
          currency={showing.currency}
          isHolding={isPending}
          canHold={sale === "open" && picked.length > 0}
          onLetGo={(seat) => change(() => toggle(seat))}
          onHold={() => hold(pick, t("choice.reason", { seats: names }))}
        />
      </div>
    </div>
  );
}
