import { useLocalStorage } from "@mantine/hooks";

/** The city whose cinemas are shown, remembered in this browser; null is every city. */
export function useCity(): [string | null, (city: string | null) => void] {
  const [city, setCity] = useLocalStorage<string | null>({
    key: "ticketshow.city",
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  return [city, setCity];
}
