import { type ComponentType, lazy } from "react";
import { Route, Routes } from "react-router";
import { SignedInOnly } from "@/features/session/signed-in-only";
import { NotFound } from "@/shared/components/not-found";
import { HouseMessages } from "@/shared/house-messages";
import { AdminFrame } from "./frame/admin-frame";

const page = (load: () => Promise<{ Component: ComponentType }>) =>
  lazy(() => load().then(({ Component }) => ({ default: Component })));

const Dashboard = page(() => import("./dashboard/dashboard-page"));
const Calendar = page(() => import("./calendar/calendar-page"));
const Shows = page(() => import("./shows/shows-page"));
const NewShow = page(() => import("./shows/new-show-page"));
const Show = page(() => import("./shows/show-page"));
const Venues = page(() => import("./venues/venues-page"));
const NewVenue = page(() => import("./venues/new-venue-page"));
const Venue = page(() => import("./venues/venue-page"));
const Showing = page(() => import("./reports/showing-page"));
const Reports = page(() => import("./reports/reports-page"));
const Operations = page(() => import("./operations/operations-page"));

/** All pages of those who run the house; each is loaded when it is visited. */
export function Component() {
  return (
    <SignedInOnly roles={["ADMIN"]}>
      <HouseMessages>
        <Routes>
          <Route Component={AdminFrame}>
            <Route index Component={Dashboard} />
            <Route path="calendar" Component={Calendar} />
            <Route path="shows" Component={Shows} />
            <Route path="shows/new" Component={NewShow} />
            <Route path="shows/:showId" Component={Show} />
            <Route path="venues" Component={Venues} />
            <Route path="venues/new" Component={NewVenue} />
            <Route path="venues/:venueId" Component={Venue} />
            <Route path="showings/:scheduleId" Component={Showing} />
            <Route path="reports" Component={Reports} />
            <Route path="operations" Component={Operations} />
            <Route path="*" Component={NotFound} />
          </Route>
        </Routes>
      </HouseMessages>
    </SignedInOnly>
  );
}
