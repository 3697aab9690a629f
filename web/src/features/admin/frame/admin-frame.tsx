import {
  IconBuilding,
  IconCalendarWeek,
  IconChartBar,
  IconLayoutDashboard,
  IconLifebuoy,
  IconMovie,
} from "@tabler/icons-react";
import { Suspense, useEffect, useRef } from "react";
import { NavLink, Outlet, useLocation } from "react-router";
import { useTranslations } from "use-intl";
import classes from "./admin-frame.module.css";
import { PageSkeleton } from "./page-skeleton";

const places = [
  { to: "/admin", name: "dashboard", Icon: IconLayoutDashboard },
  { to: "/admin/calendar", name: "calendar", Icon: IconCalendarWeek },
  { to: "/admin/shows", name: "shows", Icon: IconMovie },
  { to: "/admin/venues", name: "venues", Icon: IconBuilding },
  { to: "/admin/reports", name: "reports", Icon: IconChartBar },
  { to: "/admin/operations", name: "operations", Icon: IconLifebuoy },
] as const;

/** The ways within the house beside the page, or above it where there is no room beside. */
export function AdminFrame() {
  const t = useTranslations("admin");
  const { pathname } = useLocation();
  const nav = useRef<HTMLElement>(null);
  // On a phone the ways are wider than the screen: the one that was taken stays in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another path has another way that was taken
  useEffect(() => {
    const taken = nav.current?.querySelector<HTMLElement>("[aria-current=page]");
    if (nav.current && taken) nav.current.scrollLeft = taken.offsetLeft - nav.current.clientWidth / 3;
  }, [pathname]);
  return (
    <div className={classes.frame}>
      <nav ref={nav} className={classes.nav} aria-label={t("nav.label")}>
        <ul className={classes.places}>
          {places.map(({ to, name, Icon }) => (
            <li key={to}>
              <NavLink to={to} end={to === "/admin"} className={classes.place}>
                <Icon size={20} stroke={1.75} aria-hidden />
                <span>{t(`nav.${name}`)}</span>
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className={classes.page}>
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </div>
    </div>
  );
}
