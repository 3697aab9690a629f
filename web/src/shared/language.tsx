import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { IntlProvider } from "use-intl";
import { type Language, languages, load, type Messages } from "@/messages";
import { rememberLanguage } from "./preferred-language";

interface Choice {
  language: Language;
  setLanguage: (language: Language) => void;
}
const LanguageContext = createContext<Choice | undefined>(undefined);

/** The language of the page, and how to change it. */
export function useLanguage(): Choice {
  const choice = use(LanguageContext);
  if (!choice) throw new Error("There is no LanguageProvider here.");
  return choice;
}

/** Speaks `first` until the user chooses; the old language stays on the screen until the new one is there. */
export function LanguageProvider(props: { first: Language; messages: Messages; children: ReactNode }) {
  const [spoken, setSpoken] = useState({ language: props.first, messages: props.messages });
  const locale = languages[spoken.language].locale;
  useEffect(() => {
    document.documentElement.lang = spoken.language;
  }, [spoken.language]);
  const choice = useMemo<Choice>(
    () => ({
      language: spoken.language,
      setLanguage: (language) => {
        rememberLanguage(language);
        load[language]().then(({ default: messages }) => setSpoken({ language, messages }));
      },
    }),
    [spoken.language],
  );
  return (
    <LanguageContext value={choice}>
      <IntlProvider
        locale={locale}
        messages={spoken.messages as never}
        timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      >
        {props.children}
      </IntlProvider>
    </LanguageContext>
  );
}
