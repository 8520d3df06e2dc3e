import type { ReactNode } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Icon } from "../frame/Icon";
import { useSay } from "../i18n/format";

type Props = { title: string; testid: string; close: () => void; children: ReactNode };

/** A dialog with its title and a way out; Escape and a click beside it close it too. */
export function Shell({ title, testid, close, children }: Props) {
  const { t } = useSay();
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={close} isDismissable>
      <Modal className="modal">
        <Dialog className="dialog" data-testid={testid}>
          <header className="card-head">
            <Heading slot="title">{title}</Heading>
            <Button className="button-bare" aria-label={t("common.close")} onPress={close}>
              <Icon sign="close" />
            </Button>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
