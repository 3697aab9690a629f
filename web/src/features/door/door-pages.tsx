import { Route, Routes } from "react-router";
import { HouseMessages } from "@/shared/house-messages";
import { DoorGate } from "./door-gate";
import { ScanPage } from "./scan-page";
import { ShowingsPage } from "./showings-page";
import { installWorker } from "./worker/install";

installWorker();

/** Both pages come with the first one: at the door there may be no network for the second. */
export function Component() {
  return (
    <HouseMessages>
      <DoorGate>
        {(keeper) => (
          <Routes>
            <Route index element={<ShowingsPage keeper={keeper} />} />
            <Route path=":scheduleId" element={<ScanPage keeper={keeper} />} />
          </Routes>
        )}
      </DoorGate>
    </HouseMessages>
  );
}
