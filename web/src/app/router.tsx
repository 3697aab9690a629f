import { createBrowserRouter, type RouteObject } from "react-router";
import { NotFound } from "@/shared/components/not-found";
import { ErrorPage } from "./error-page";
import { Layout, LoadingLine } from "./layout";

/** Every page is loaded when it is first visited; the file of a route exports it as `Component`. */
const pages: RouteObject[] = [
  { index: true, lazy: () => import("@/features/home/home-page") },
  { path: "search", lazy: () => import("@/features/search/search-page") },
  { path: "shows/:showId", lazy: () => import("@/features/show/show-page") },
  { path: "venues/:venueId", lazy: () => import("@/features/show/venue-page") },
  { path: "showings/:scheduleId", lazy: () => import("@/features/seats/seats-page") },
  { path: "checkout/:bookingId", lazy: () => import("@/features/checkout/checkout-page") },
  { path: "bookings", lazy: () => import("@/features/bookings/bookings-page") },
  { path: "bookings/:bookingId", lazy: () => import("@/features/bookings/booking-page") },
  { path: "wallet", lazy: () => import("@/features/wallet/wallet-page") },
  { path: "wallet/top-ups/:topUpId", lazy: () => import("@/features/wallet/top-up-page") },
  { path: "profile", lazy: () => import("@/features/profile/profile-page") },
  { path: "sign-in", lazy: () => import("@/features/session/sign-in-page") },
  { path: "admin/*", lazy: () => import("@/features/admin/admin-pages") },
  { path: "door/*", lazy: () => import("@/features/door/door-pages") },
  { path: "*", Component: NotFound },
];

/** A page that breaks leaves the frame around it as it is. */
const routes: RouteObject[] = [
  {
    Component: Layout,
    ErrorBoundary: ErrorPage,
    children: [{ ErrorBoundary: ErrorPage, HydrateFallback: LoadingLine, children: pages }],
  },
];

export const newRouter = () => createBrowserRouter(routes);
