import { Button, NumberInput, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { IconCreditCard } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { useFormats } from "@/shared/format/use-formats";
import { newId } from "@/shared/new-id";
import { topUp } from "./api";
import { isWithinLimits, leastTopUp, mostTopUp, presets } from "./top-up-rules";
import { rememberWayBack } from "./way-back";

/** Chooses an amount and leads to the card's page, in this tab. */
export function TopUpForm(props: { first: number | undefined; next: string | null; currency: string }) {
  const { first, next, currency } = props;
  const t = useTranslations("wallet.topUp");
  const formats = useFormats();
  const [amount, setAmount] = useState<number | string>(first ?? presets[1] ?? leastTopUp);
  const [wrong, setWrong] = useState(false);
  const wish = useRef({ amount, key: newId() });
  const paying = useMutation({
    mutationFn: (wanted: number) => {
      // The same amount again is the same wish: an answer that was lost does not open a second page.
      if (wish.current.amount !== wanted) wish.current = { amount: wanted, key: newId() };
      return topUp(wanted, wish.current.key);
    },
    onSuccess: ({ id, checkout_url }) => {
      rememberWayBack(id, next);
      window.location.assign(checkout_url ?? `/wallet/top-ups/${id}`);
    },
  });
  // Who turns back from the card's page may find this one as it was left.
  useWindowEvent("pageshow", ({ persisted }) => persisted && paying.reset());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWrong(!isWithinLimits(amount));
    if (isWithinLimits(amount)) paying.mutate(amount);
  };
  const limits = { least: formats.money(leastTopUp, currency), most: formats.money(mostTopUp, currency) };
  const symbol = currencySymbol(currency);
  return (
    <form onSubmit={submit} aria-labelledby="top-up" noValidate>
      <Stack>
        <Title order={2} size="h3" id="top-up">
          {t("title")}
        </Title>
        <SimpleGrid cols={presets.length} spacing="xs">
          {presets.map((preset) => (
            <Button
              key={preset}
              size="md"
              px={0}
              variant={amount === preset ? "light" : "default"}
              aria-pressed={amount === preset}
              onClick={() => setAmount(preset)}
            >
              {formats.money(preset, currency)}
            </Button>
          ))}
        </SimpleGrid>
        <NumberInput
          size="md"
          label={t("amount")}
          description={t("limits", limits)}
          error={wrong && t("outside", limits)}
          prefix={symbol}
          value={amount}
          onChange={(value) => {
            setAmount(value);
            setWrong(false);
          }}
          decimalScale={2}
          allowNegative={false}
          hideControls
          inputMode="decimal"
          thousandSeparator=","
          thousandsGroupStyle="lakh"
        />
        {paying.isError && <ProblemNote error={paying.error} onRetry={() => paying.mutate(Number(amount))} />}
        <Button
          type="submit"
          size="md"
          // The page of the card is on its way after a success, too.
          loading={paying.isPending || paying.isSuccess}
          leftSection={<IconCreditCard size={20} aria-hidden />}
        >
          {isWithinLimits(amount) ? t("action", { amount: formats.money(amount, currency) }) : t("actionNone")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("note")}
        </Text>
      </Stack>
    </form>
  );
}

function currencySymbol(currency: string): string {
  const parts = new Intl.NumberFormat("en-IN", { style: "currency", currency }).formatToParts(0);
  return parts.find(({ type }) => type === "currency")?.value ?? "";
}
