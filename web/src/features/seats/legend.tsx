import { useTranslations } from "use-intl";
import classes from "./hall-map.module.css";

const states = ["free", "picked", "held", "sold"] as const;

export function Legend() {
  const t = useTranslations("seats.legend");
  return (
    <ul className={classes.legend} aria-label={t("label")}>
      {states.map((state) => (
        <li key={state}>
          <span className={classes.swatch} data-state={state} aria-hidden />
          {t(state)}
        </li>
      ))}
    </ul>
  );
}
