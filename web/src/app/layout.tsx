import { Alert, Container, Group } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { Link, Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";
import { useTranslations } from "use-intl";
import { useSignedIn } from "@/features/session/session";
import { useLeaveEarlyPage } from "@/shared/early-page";
import { AccountButtons } from "./account-buttons";
import classes from "./layout.module.css";

const HeldBanner = lazy(() => import("@/features/checkout/held-banner"));

/** Moves while a page is on its way. */
export const LoadingLine = () => <div className={classes.loading} aria-hidden />;

/** The frame of every page. */
export function Layout() {
  const t = useTranslations("common");
  const { online } = useNetwork();
  const navigation = useNavigation();
  const signedIn = useSignedIn();
  useLeaveEarlyPage(useLocation().pathname !== "/"); // the landing page is drawn early, and says itself when it stands
  return (
    <>
      <a className={classes.skip} href="#content">
        {t("skipToContent")}
      </a>
      <header className={classes.header}>
        {navigation.state === "loading" && <LoadingLine />}
        <Container size="xl" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Link to="/" className={classes.brand}>
              <img src="/favicon.svg" alt="" width={28} height={28} />
              <span>{t("name")}</span>
            </Link>
            <AccountButtons />
          </Group>
        </Container>
      </header>
      {!online && (
        <Alert color="yellow" radius={0} role="status" variant="outline">
          {t("offlineBanner")}
        </Alert>
      )}
      {signedIn && (
        <Suspense>
          <HeldBanner />
        </Suspense>
      )}
      <main id="content" tabIndex={-1} className={classes.main}>
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <ScrollRestoration />
    </>
  );
}
