import { type Language, languages } from "@/messages";

const rememberedKey = "ticketshow.language";

/** The user's choice, else the first language of the browser that we speak, else English. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(rememberedKey), ...navigator.languages];
  for (const tag of wanted) {
    const language = tag?.slice(0, 2).toLowerCase();
    if (language && language in languages) return language as Language;
  }
  return "en";
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(rememberedKey, language);
}
