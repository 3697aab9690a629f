/** Lets /door open without a network, by a service worker for that path alone: no other page of the app is ever served by it. */
export function installWorker(): void {
  if (!import.meta.env.PROD || !navigator.serviceWorker) return;
  navigator.serviceWorker.register("/door-worker.js", { scope: "/door" }).catch((reason) => {
    console.warn("The door opens only with a network.", reason); // private windows, for example
  });
}
