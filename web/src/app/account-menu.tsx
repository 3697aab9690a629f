import { Menu, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { useTranslations } from "use-intl";
import { useAccount, useSignedIn, useSignOut } from "@/features/session/session";
import { type Language, languages } from "@/messages";
import { useLanguage } from "@/shared/language";

const colorSchemes = ["light", "dark", "auto"] as const;

/** Where one goes from anywhere, and how the page speaks and looks; open from the start, below `target`. */
export default function AccountMenu({ target, onClose }: { target: ReactNode; onClose: () => void }) {
  const t = useTranslations("common");
  const signedIn = useSignedIn();
  const account = useAccount();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const { language, setLanguage } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const places = [
    { to: "/bookings", label: t("nav.bookings"), shown: signedIn },
    { to: "/wallet", label: t("nav.wallet"), shown: signedIn },
    { to: "/profile", label: t("nav.profile"), shown: signedIn },
    { to: "/admin", label: t("nav.admin"), shown: account?.role === "ADMIN" },
    { to: "/door", label: t("nav.door"), shown: account?.role === "STAFF" },
  ];
  return (
    <Menu defaultOpened onClose={onClose} position="bottom-end" width={260} transitionProps={{ duration: 0 }}>
      <Menu.Target>{target}</Menu.Target>
      <Menu.Dropdown>
        {account && <Menu.Label>{account.username}</Menu.Label>}
        {places
          .filter(({ shown }) => shown)
          .map(({ to, label }) => (
            <Menu.Item key={to} component={Link} to={to}>
              {label}
            </Menu.Item>
          ))}
        <Menu.Label>{t("language")}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t("language")}
          value={language}
          onChange={(value) => setLanguage(value as Language)}
          data={Object.entries(languages).map(([value, { name }]) => ({ value, label: name }))}
        />
        <Menu.Label>{t("theme.label")}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t("theme.label")}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as (typeof colorSchemes)[number])}
          data={colorSchemes.map((value) => ({ value, label: t(`theme.${value}`) }))}
        />
        {signedIn && (
          <>
            <Menu.Divider mt="sm" />
            <Menu.Item onClick={() => signOut().then(() => navigate("/"))}>{t("nav.signOut")}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
