import { Button, Container, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { Link } from "react-router";
import { useTranslations } from "use-intl";
import { useAccount, useSignedIn } from "@/features/session/session";
import { SignedInOnly } from "@/features/session/signed-in-only";
import { type Keeper, rememberedKeeper, rememberKeeper } from "./keeper";

/** Lets in who keeps doors; without a network, whoever kept them here last and has not signed out since. */
export function DoorGate({ children }: { children: (keeper: Keeper) => ReactNode }) {
  const t = useTranslations("door.gate");
  const signedIn = useSignedIn();
  const account = useAccount();
  const keeper = account ? keeperOf(account) : rememberedKeeper();
  useEffect(() => {
    if (!signedIn) rememberKeeper(undefined);
    else if (account) rememberKeeper(keeperOf(account));
  }, [signedIn, account]);

  if (!signedIn) return <SignedInOnly>{null}</SignedInOnly>;
  if (keeper) return children(keeper);
  if (!account) return null;
  return (
    <Container size="xs" py="xl">
      <Stack align="flex-start">
        <Title order={1}>{t("title")}</Title>
        <Text>{t(account.role === "ADMIN" ? "admin" : "others")}</Text>
        <Button component={Link} to={account.role === "ADMIN" ? "/admin" : "/"} size="md">
          {t(account.role === "ADMIN" ? "toAdmin" : "toHome")}
        </Button>
      </Stack>
    </Container>
  );
}

function keeperOf(account: NonNullable<ReturnType<typeof useAccount>>): Keeper | undefined {
  const { role, venue_id: venueId, id: userId } = account;
  return role === "STAFF" && venueId !== undefined ? { userId, venueId } : undefined;
}
