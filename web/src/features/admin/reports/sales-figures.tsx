import { useTranslations } from "use-intl";
import { useFormats } from "@/shared/format/use-formats";
import { Figures } from "../frame/figures";
import { occupancy, type Total } from "./sums";

/** What was taken and how full the halls were, in four numbers. */
export function SalesFigures({ total }: { total: Total }) {
  const t = useTranslations("admin.reports");
  const { money, number, percent } = useFormats();
  const part = occupancy(total);
  return (
    <Figures
      figures={[
        { label: t("revenue"), value: money(total.revenue, total.currency) },
        {
          label: t("seatsSold"),
          value: number(total.seats_sold),
          beside: t("ofOffered", { offered: number(total.seats_offered) }),
        },
        { label: t("occupancy"), value: part === undefined ? "–" : percent(part) },
        { label: t("showings"), value: number(total.showings) },
      ]}
    />
  );
}
