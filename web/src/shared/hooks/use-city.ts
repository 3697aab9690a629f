import { useLocalStorage } from "@mantine/hooks";
import { cityKey } from "@/shared/remembered-city";

/** The city whose cinemas are shown, remembered in this browser; null is every city. */
export function useCity(): [string | null, (city: string | null) => void] {
  const [city, setCity] = useLocalStorage<string | null>({
    key: cityKey,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  return [city, setCity];
}
