import { Text } from "@mantine/core";
import { Dialog } from "@/shared/components/dialog";
import { SignInForm } from "./sign-in-form";

/** The form on top of the page; `onClose` follows a sign-in as well as a change of mind. */
export default function SignInDialog({ reason, onClose }: { reason?: string; onClose: () => void }) {
  return (
    <SignInForm
      onDone={onClose}
      frame={(title, form) => (
        <Dialog opened onClose={onClose} title={title}>
          {reason && <Text mb="md">{reason}</Text>}
          {form}
        </Dialog>
      )}
    />
  );
}
