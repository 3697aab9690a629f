import { ActionIcon, Button, Group } from "@mantine/core";
import { IconMenu2, IconTicket, IconUser } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { useSignedIn } from "@/features/session/session";
import { useAskToSignIn } from "@/features/session/sign-in-provider";

const loadMenu = () => import("./account-menu");
const AccountMenu = lazy(loadMenu);

/** The way to one's bookings and to the menu, whose code is loaded when somebody is about to open it. */
export function AccountButtons() {
  const t = useTranslations("common");
  const signedIn = useSignedIn();
  const askToSignIn = useAskToSignIn();
  const [opened, setOpened] = useState(false);
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={signedIn ? t("nav.account") : t("menu")}
      aria-haspopup="menu"
      aria-expanded={opened}
      onPointerEnter={loadMenu}
      onFocus={loadMenu}
      onClick={() => setOpened(!opened)}
    >
      {signedIn ? <IconUser aria-hidden /> : <IconMenu2 aria-hidden />}
    </ActionIcon>
  );
  return (
    <Group gap="xs" wrap="nowrap">
      {signedIn ? (
        <Button
          component={Link}
          to="/bookings"
          variant="subtle"
          color="gray"
          leftSection={<IconTicket size={18} aria-hidden />}
          visibleFrom="sm"
        >
          {t("nav.bookings")}
        </Button>
      ) : (
        <Button variant="default" onClick={() => askToSignIn()}>
          {t("nav.signIn")}
        </Button>
      )}
      {opened ? (
        <Suspense fallback={button}>
          <AccountMenu target={button} onClose={() => setOpened(false)} />
        </Suspense>
      ) : (
        button
      )}
    </Group>
  );
}
