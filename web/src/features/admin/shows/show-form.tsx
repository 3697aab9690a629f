import {
  Button,
  Group,
  type InputWrapperProps,
  NumberInput,
  SimpleGrid,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslations } from "use-intl";
import { ProblemNote } from "@/shared/components/problem";
import { type Show, type ShowFacts, useSaveShow } from "./shows-api";

const most = { title: 255, minutes: 1000, price: 1_000_000, description: 4000, language: 50, rating: 20 }; // the API's

/** Hints stand below, so that the fields of a row stand in one line. */
const hintsBelow: InputWrapperProps["inputWrapperOrder"] = ["label", "input", "description", "error"];

/** What is known of a show, to make or to change. `currency` is that of the price. */
export function ShowForm(props: { show?: Show; currency: string; onSaved: (show: Show) => void }) {
  const t = useTranslations("admin.shows.form");
  const words = useTranslations("common.actions");
  const { show, currency, onSaved } = props;
  const save = useSaveShow(show?.id);
  const form = useForm({
    mode: "uncontrolled",
    initialValues: {
      title: show?.title ?? "",
      duration_minutes: show?.duration_minutes ?? ("" as number | string),
      price: show?.price ?? ("" as number | string),
      description: show?.description ?? "",
      language: show?.language ?? "",
      rating: show?.rating ?? "",
    },
    validate: {
      title: (value) => (value.trim() ? null : t("titleMissing")),
      duration_minutes: (value) => (Number(value) >= 1 ? null : t("durationMissing")),
      price: (value) => (Number(value) >= 0.01 ? null : t("priceMissing")),
      // An absent field stays as it is; there is no way to take a language or a rating away again.
      language: (value) => (show?.language && !value.trim() ? t("keepOne") : null),
      rating: (value) => (show?.rating && !value.trim() ? t("keepOne") : null),
    },
  });
  const submit = form.onSubmit((values) => {
    const facts: ShowFacts = {
      title: values.title.trim(),
      duration_minutes: Number(values.duration_minutes),
      price: Number(values.price),
      description: values.description.trim(),
      language: values.language.trim() || undefined,
      rating: values.rating.trim() || undefined,
    };
    save.mutate(facts, {
      onSuccess: (saved) => {
        form.resetDirty();
        onSaved(saved);
      },
    });
  });
  const field = (name: keyof typeof most | "duration_minutes") => ({
    size: "md" as const,
    inputWrapperOrder: hintsBelow,
    ...form.getInputProps(name),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <TextInput label={t("title")} required maxLength={most.title} key={form.key("title")} {...field("title")} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="lg">
          <NumberInput
            label={t("duration")}
            description={t("durationHint")}
            required
            min={1}
            max={most.minutes}
            allowDecimal={false}
            inputMode="numeric"
            suffix={t("minutesSuffix")}
            key={form.key("duration_minutes")}
            {...field("duration_minutes")}
          />
          <NumberInput
            label={t("price", { currency })}
            description={t("priceHint")}
            required
            min={0.01}
            max={most.price}
            decimalScale={2}
            fixedDecimalScale
            hideControls
            inputMode="decimal"
            key={form.key("price")}
            {...field("price")}
          />
          <TextInput
            label={t("language")}
            maxLength={most.language}
            key={form.key("language")}
            {...field("language")}
          />
          <TextInput
            label={t("rating")}
            description={t("ratingHint")}
            maxLength={most.rating}
            key={form.key("rating")}
            {...field("rating")}
          />
        </SimpleGrid>
        <Textarea
          label={t("description")}
          description={t("descriptionHint")}
          autosize
          minRows={4}
          maxLength={most.description}
          key={form.key("description")}
          {...field("description")}
        />
        {save.isError && <ProblemNote error={save.error} />}
        <Group>
          <Button type="submit" size="md" loading={save.isPending}>
            {show ? words("save") : t("make")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
